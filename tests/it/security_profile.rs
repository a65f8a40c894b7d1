//! Where `security_profile` may stand, and that it means the same wherever it does.

use cloudspells::diagnostic::Source;
use cloudspells::{Layout, generate, rules};

const CLUSTER: &str = "oke_cluster \"k8s\" {\n  kubernetes_version = \"v1.35.2\"\n}\n";
const STRICT_CLUSTER: &str =
    "oke_cluster \"k8s\" {\n  kubernetes_version = \"v1.35.2\"\n  security_profile = \"strict\"\n}\n";
const VCN: &str = "vcn \"lab\" {}\n";
const STRICT_VCN: &str = "vcn \"lab\" {\n  security_profile = \"strict\"\n}\n";

/// Everything that is generated but for what names the spec's text.
fn files(spec: &str) -> Vec<(String, String)> {
    let source = Source::file("cloudspells.hcl", spec.to_owned());
    let generated =
        generate(&source, Layout::Root).unwrap_or_else(|problems| panic!("{}", problems.render(&source, false)));
    let files = generated.value.files.iter().map(|(path, text)| (path.to_owned(), text.to_string()));
    files.filter(|(path, _)| path != ".cloudspells.json").collect()
}

#[test]
fn a_cluster_takes_its_profile_from_its_vcn() {
    let of_vcn = files(&[STRICT_VCN, CLUSTER].concat());
    assert_eq!(of_vcn, files(&[VCN, STRICT_CLUSTER].concat()));
    assert_eq!(of_vcn, files(&[STRICT_VCN, STRICT_CLUSTER].concat()));
    assert_eq!(of_vcn, files(&[CLUSTER, STRICT_VCN].concat()), "whichever block comes first");
    assert_ne!(of_vcn, files(&[VCN, CLUSTER].concat()));
}

#[test]
fn a_vcn_says_it_for_itself() {
    let lists = |spec: &str| {
        let tables = rules(&Source::file("cloudspells.hcl", spec.to_owned())).expect("valid").value;
        tables.iter().map(|table| table.rules.len()).sum::<usize>()
    };
    assert_eq!(lists(VCN), 14, "the baseline of the reference");
    assert_eq!(lists(STRICT_VCN), 10);
}
