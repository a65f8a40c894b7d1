//! OCI's cloud controller beside a stack of ours: the rules that it keeps for
//! load balancers are left alone where the spec leaves them to it, and put back
//! nowhere else.

use crate::common::life::{Stack, tools};
use crate::common::plan::summary;
use serde_json::{Value, json};

const SPEC: &str = "vcn \"lab\" {}\n\noke_cluster \"k8s\" {\n  kubernetes_version  = \"v1.35.2\"\n  \
                    security_profile    = \"strict\"\n  load_balancer_rules = \"controller\"\n\n  \
                    node_pool \"default\" {\n    shape         = \"VM.Standard.A1.Flex\"\n    node_count    = 1\n    \
                    ocpus         = 2\n    memory_in_gbs = 12\n  }\n}\n";

#[test]
fn rules_that_the_controller_keeps_are_not_fought_over() {
    for tool in tools("rules of the cloud controller's") {
        let stack = Stack::new(&tool, SPEC);
        stack.apply();
        let host = format!("{}/20160918", stack.cloud.host());
        let post = |path: &str, body: Value| -> Value {
            let mut answer = ureq::post(format!("{host}/{path}")).send_json(body).expect("OCI takes it");
            answer.body_mut().read_json().unwrap_or_default()
        };
        let backend = || {
            let has = stack.cloud.snapshot();
            let groups = has["networkSecurityGroups"].as_array().expect("a collection").clone();
            groups.into_iter().find(|group| group["displayName"] == "k8s-backend-nsg").expect("the backend NSG")
        };
        let id = |group: &Value| group["id"].as_str().expect("an id").to_owned();
        let before = backend();
        assert_eq!(before["securityRules"], json!([]), "it is left empty");

        // What the controller does for a Service: an NSG for its load balancer,
        // and who may come from there.
        let vcn = &stack.cloud.snapshot()["vcns"][0];
        let group = json!({ "compartmentId": vcn["compartmentId"], "vcnId": vcn["id"], "displayName": "frontend" });
        let frontend = id(&post("networkSecurityGroups", group));
        let rule = json!({ "direction": "INGRESS", "protocol": "6", "source": frontend,
            "sourceType": "NETWORK_SECURITY_GROUP",
            "tcpOptions": { "destinationPortRange": { "min": 31080, "max": 31080 } } });
        let add = format!("networkSecurityGroups/{}/actions/addSecurityRules", id(&before));
        post(&add, json!({ "securityRules": [rule] }));
        let kept = backend()["securityRules"].clone();
        assert_eq!(kept.as_array().map(Vec::len), Some(1));

        assert_eq!(summary(&stack.plan_json()).trim_end(), "nothing", "a plan leaves them alone");
        stack.apply();
        assert_eq!(backend()["securityRules"], kept, "and so does an apply");

        // What is opened by hand elsewhere is not hidden by that.
        let lists = &stack.cloud.snapshot()["securityLists"];
        let all = lists.as_array().expect("a collection");
        let list = all.iter().find(|list| list["displayName"] == "lab-sl-public").expect("the public list");
        let mut open = list["ingressSecurityRules"].clone();
        open.as_array_mut().expect("rules").push(json!({ "protocol": "6", "source": "0.0.0.0/0" }));
        ureq::put(format!("{host}/securityLists/{}", id(list)))
            .send_json(json!({ "ingressSecurityRules": open }))
            .expect("OCI takes it");
        assert_eq!(
            summary(&stack.plan_json()).trim_end(),
            "update oci_core_security_list.lab_public (ingress_security_rules)"
        );
        stack.apply();
        assert_eq!(backend()["securityRules"], kept);

        // The Service goes, and with it the NSG of its load balancer.
        let remove = json!({ "securityRuleIds": [kept[0]["id"]] });
        post(&format!("networkSecurityGroups/{}/actions/removeSecurityRules", id(&before)), remove);
        ureq::delete(format!("{host}/networkSecurityGroups/{frontend}")).call().expect("OCI takes it");
        stack.assert_settled();
        stack.assert_as_written();
        stack.destroy();
    }
}
