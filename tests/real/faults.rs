//! What goes wrong between a stack and OCI: calls that fail, connections that
//! end, work that fails, a tool that is killed. Another apply finishes the job,
//! and nothing is there twice, except what was under way at a `kill -9`.

use crate::common::life::{Stack, tools};
use crate::common::plan::array;
use crate::common::tools::{Tool, said};
use oci_sim::{Effect, Fault};
use std::time::{Duration, Instant};

const CLUSTERS: &str = "/20180222/clusters";
const NODE_POOLS: &str = "/20180222/nodePools";

#[test]
fn calls_that_fail_for_a_while_are_made_again() {
    for tool in tools("calls that fail for a while") {
        let stack = Stack::new(&tool, cloudspells::DEFAULT_SPEC);
        let wait = Effect::Delay(Duration::from_secs(2));
        for fault in [
            Fault::status("POST", "/20160918/vcns", 429).times(2),
            Fault::status("POST", "/20160918/subnets", 500).times(2),
            Fault::status("POST", "*/actions/addSecurityRules", 503).nth(3).times(2),
            Fault::status("GET", "/20160918/services", 429).retry_after(1),
            Fault::status("GET", "/20180222/workRequests/*", 503).times(2),
            Fault::on("POST", "/20160918/routeTables", wait),
        ] {
            stack.cloud.fault(fault);
        }
        stack.apply();
        let struck = |status: u16| stack.cloud.simulator.requests().iter().filter(|r| r.status == status).count();
        assert_eq!([struck(429), struck(500), struck(503)], [3, 2, 4], "each fault has struck");
        stack.assert_settled();
        stack.assert_as_written();
        for fault in [
            Fault::status("DELETE", "/20160918/subnets/*", 500).times(2),
            Fault::status("DELETE", "/20180222/clusters/*", 429),
        ] {
            stack.cloud.fault(fault);
        }
        stack.destroy();
        assert_eq!([struck(500), struck(429)], [4, 4], "each fault has struck");
    }
}

/// The provider does not repeat a call whose connection ends without an answer.
/// Where nothing was done, another apply does it.
#[test]
fn a_call_that_is_never_answered_fails_the_apply_and_another_one_finishes() {
    for tool in tools("calls that are never answered") {
        let stack = Stack::new(&tool, "vcn \"lab\" {}\n");
        stack.cloud.fault(Fault::on("POST", "/20160918/internetGateways", Effect::Drop));
        assert_unanswered(&stack.try_apply(), "/20160918/internetGateways");
        finish(&stack);
        // Gone, but nobody was told: who asks again hears that.
        stack.cloud.fault(Fault::on("DELETE", "/20160918/natGateways/*", Effect::Drop));
        stack.cloud.fault(Fault::on("DELETE", "/20160918/internetGateways/*", Effect::DropAfter));
        assert_unanswered(&stack.run(&Stack::DESTROY), "Gateways/");
        stack.destroy();
    }
}

/// What a call made that was never answered is in OCI and in no state: the next
/// apply makes it again, and a person deletes the first.
#[test]
fn what_a_call_made_that_was_never_answered_is_in_no_state() {
    for tool in tools("a creation that is never answered") {
        let stack = Stack::new(&tool, "vcn \"lab\" {}\n");
        stack.cloud.fault(Fault::on("POST", "/20160918/vcns", Effect::DropAfter));
        assert_unanswered(&stack.try_apply(), "/20160918/vcns");
        let orphan = stack.cloud.snapshot()["vcns"][0]["id"].as_str().expect("it was made").to_owned();
        assert!(!stack.state_json().to_string().contains(&orphan), "the state knows nothing of it");
        stack.apply();
        stack.assert_settled();
        assert_eq!(array(&stack.cloud.snapshot()["vcns"]).len(), 2);
        let address = format!("{}/20160918/vcns/{orphan}", stack.cloud.host());
        ureq::delete(&address).call().expect("it can be deleted");
        while ureq::get(&address).call().is_ok() {}
        stack.assert_as_written();
        stack.destroy();
    }
}

fn assert_unanswered(output: &std::process::Output, call: &str) {
    let said = said(output);
    assert!(!output.status.success() && said.contains(call) && said.contains("EOF"), "{said}");
}

#[test]
fn a_refused_call_fails_the_apply_and_another_one_finishes() {
    for tool in tools("calls that are refused once") {
        let stack = Stack::new(&tool, cloudspells::DEFAULT_SPEC);
        stack.cloud.fault(Fault::status("POST", "/20160918/subnets", 400).times(2));
        stack.cloud.fault(Fault::status("POST", "*/actions/addSecurityRules", 400).nth(10));
        let output = stack.try_apply();
        assert!(!output.status.success() && said(&output).contains("A fault that the test asked for"));
        assert!(array(&stack.cloud.snapshot()["clusters"]).is_empty(), "the cluster waits for subnets and rules");
        finish(&stack);
        stack.destroy();
    }
}

#[test]
fn work_that_fails_is_done_by_another_apply() {
    let larger = cloudspells::DEFAULT_SPEC.replace("node_count    = 3", "node_count    = 4");
    let smaller = cloudspells::DEFAULT_SPEC.split("\n  node_pool").next().expect("a cluster").to_owned() + "}\n";
    for tool in tools("work requests that fail") {
        let stack = Stack::new(&tool, cloudspells::DEFAULT_SPEC);
        for (spec, method, pattern) in [
            // The cluster that failed is made anew, and then its pool fails.
            (cloudspells::DEFAULT_SPEC, "POST", CLUSTERS),
            (cloudspells::DEFAULT_SPEC, "POST", NODE_POOLS),
            (&larger, "PUT", "/20180222/nodePools/*"),
            (&smaller, "DELETE", "/20180222/nodePools/*"),
        ] {
            stack.change_to(spec);
            stack.cloud.fault(Fault::on(method, pattern, Effect::FailWork));
            let output = stack.try_apply();
            assert!(!output.status.success(), "{method} {pattern} failed, and apply did not");
            assert!(said(&output).contains("as the test asked for"), "{}", said(&output));
            if pattern != CLUSTERS {
                finish(&stack);
            }
        }
        stack.destroy();
    }
}

#[cfg(unix)]
#[test]
fn killed_before_a_call_is_answered() {
    for tool in tools("kill -9 with a call under way") {
        let stack = about_to_make_a_cluster(&tool);
        // The call that creates the cluster hangs; it is not done.
        stack.cloud.fault(Fault::on("POST", CLUSTERS, Effect::Delay(Duration::from_secs(120))));
        let mut apply = Apply::start(&stack);
        apply.wait_until(&stack, |has| rules(has) == 34);
        apply.signal("KILL");
        assert!(array(&stack.cloud.snapshot()["clusters"]).is_empty());
        finish(&stack);
        stack.destroy();
    }
}

#[cfg(unix)]
#[test]
fn interrupted_while_a_cluster_is_made() {
    for tool in tools("SIGINT with a cluster being made") {
        let stack = Stack::new(&tool, cloudspells::DEFAULT_SPEC);
        stack.cloud.fault(Fault::on("GET", "/20180222/workRequests/*", Effect::Delay(Duration::from_secs(3))));
        let mut apply = Apply::start(&stack);
        apply.wait_until(&stack, |has| !array(&has["clusters"]).is_empty());
        // The tool waits for what is under way, and remembers it.
        apply.signal("INT");
        assert!(array(&stack.cloud.snapshot()["nodePools"]).is_empty(), "nothing new was begun");
        finish(&stack);
        stack.destroy();
    }
}

/// Neither tool nor provider can remember what they were killed while waiting
/// for: OCI has it, the state has not. What this shows is that it is that one
/// resource only, and that a person who deletes it is done.
#[cfg(unix)]
#[test]
fn killed_while_a_cluster_is_made_leaves_that_cluster_and_nothing_else() {
    for tool in tools("kill -9 with a cluster being made") {
        let stack = about_to_make_a_cluster(&tool);
        stack.cloud.fault(Fault::on("GET", "/20180222/workRequests/*", Effect::Delay(Duration::from_secs(120))));
        let mut apply = Apply::start(&stack);
        apply.wait_until(&stack, |has| !array(&has["clusters"]).is_empty());
        apply.signal("KILL");
        let orphan = stack.cloud.snapshot()["clusters"][0]["id"].as_str().expect("an id").to_owned();
        assert!(!stack.state_json().to_string().contains(&orphan), "the state knows nothing of it");
        stack.apply();
        stack.assert_settled();
        assert_eq!(array(&stack.cloud.snapshot()["clusters"]).len(), 2);
        let host = stack.cloud.host();
        let read = || ureq::get(format!("{host}{CLUSTERS}/{orphan}")).call().expect("it can be read");
        while !read().body_mut().read_to_string().expect("text").contains("\"ACTIVE\"") {}
        let gone = ureq::delete(format!("{host}{CLUSTERS}/{orphan}")).call().expect("it can be deleted");
        assert_eq!(gone.status(), 202);
        let work = gone.headers()["opc-work-request-id"].to_str().expect("text").to_owned();
        while stack.cloud.snapshot().to_string().contains(&orphan) {
            ureq::get(format!("{host}/20180222/workRequests/{work}")).call().expect("the work can be watched");
        }
        stack.assert_as_written();
        stack.destroy();
    }
}

/// A stack whose network lives, and whose next apply makes the cluster with all
/// but the cluster in the state by then. That takes doing: OpenTofu writes its
/// state every 20 seconds while it applies, so the last thing before the cluster
/// takes longer; and what OpenTofu 1.12.6 writes during the very first apply,
/// when there is no state file yet, holds only the resource that came last
/// (docs/testing.md).
#[cfg(unix)]
fn about_to_make_a_cluster(tool: &Tool) -> Stack<'_> {
    let stack = Stack::new(tool, cloudspells::DEFAULT_SPEC.split("\noke_cluster").next().expect("a VCN"));
    stack.apply();
    stack.change_to(cloudspells::DEFAULT_SPEC);
    let slow = Effect::Delay(Duration::from_secs(22));
    stack.cloud.fault(Fault::on("POST", "*/actions/addSecurityRules", slow).nth(34));
    stack
}

/// A later apply, without faults, ends where an undisturbed one does.
fn finish(stack: &Stack) {
    stack.cloud.simulator.clear_faults();
    stack.apply();
    stack.assert_settled();
    stack.assert_as_written();
}

fn rules(snapshot: &serde_json::Value) -> usize {
    array(&snapshot["networkSecurityGroups"]).iter().map(|nsg| array(&nsg["securityRules"]).len()).sum()
}

/// An apply under way, with its provider in a process group of its own.
#[cfg(unix)]
struct Apply(std::process::Child);

#[cfg(unix)]
impl Apply {
    fn start(stack: &Stack) -> Self {
        use std::os::unix::process::CommandExt as _;
        let output = std::fs::File::create(stack.directory().join("apply.log")).expect("a file can be made");
        let mut command = stack.command(&Stack::APPLY);
        command.process_group(0).stdout(output.try_clone().expect("a file")).stderr(output);
        Self(command.spawn().expect("the tool starts"))
    }

    /// Until the control plane has something, and the state has had the time
    /// to learn of what came before.
    fn wait_until(&mut self, stack: &Stack, reached: impl Fn(&serde_json::Value) -> bool) {
        let began = Instant::now();
        while !reached(&stack.cloud.snapshot()) {
            let ended = self.0.try_wait().expect("it can be asked");
            let log = || std::fs::read_to_string(stack.directory().join("apply.log")).unwrap_or_default();
            assert!(ended.is_none(), "apply ended early:\n{}", log());
            assert!(began.elapsed() < Duration::from_secs(120), "apply hangs:\n{}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(700));
    }

    /// A kill goes to the whole group; anything else to the tool, which is what
    /// a terminal's user means. Waits until it has ended.
    fn signal(&mut self, name: &str) {
        let target = if name == "KILL" { format!("-{}", self.0.id()) } else { self.0.id().to_string() };
        let sent = std::process::Command::new("sh").args(["-c", &format!("kill -s {name} -- {target}")]).status();
        assert!(sent.expect("sh").success());
        let ended = self.0.wait().expect("it ends");
        assert!(!ended.success(), "it was stopped, and says that all went well");
    }
}

/// No test leaves a tool behind.
#[cfg(unix)]
impl Drop for Apply {
    fn drop(&mut self) {
        if self.0.try_wait().is_ok_and(|ended| ended.is_none()) {
            let group = format!("kill -s KILL -- -{}", self.0.id());
            let _ = std::process::Command::new("sh").args(["-c", &group]).status();
            let _ = self.0.wait();
        }
    }
}
