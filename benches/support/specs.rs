//! Specs to measure with, and what is made of them.

use cloudspells::Layout;
use cloudspells::diagnostic::Source;

/// A VCN and a cluster with one node pool, many times over.
pub fn many(clusters: usize) -> Source {
    let text: String = (0..clusters)
        .map(|n| {
            format!(
                "vcn \"net{n}\" {{}}\noke_cluster \"k{n}\" {{\n  vcn = vcn.net{n}\n  kubernetes_version = \"v1.35.2\"\n  node_pool \"default\" {{\n    shape = \"VM.Standard.A1.Flex\"\n    image = var.node_image_id\n    node_count = 3\n    ocpus = 2\n    memory_in_gbs = 12\n  }}\n}}\n"
            )
        })
        .collect();
    Source::file("bench.hcl", text)
}

/// Every byte of the module, in memory.
pub fn generate(source: &Source) -> usize {
    let generated = cloudspells::generate(source, Layout::Root).unwrap_or_else(|_| panic!("the spec is good"));
    generated.value.files.iter().map(|(_, text)| text.len()).sum()
}
