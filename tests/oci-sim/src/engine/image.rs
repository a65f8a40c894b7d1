//! OKE's images: for each version and processor two of Oracle Linux 8, one of 9 and
//! one of 10, named as OKE names them.

use crate::cloud::Cloud;
use crate::images::{ARM, Build, GPU, X86};

pub struct Image {
    pub id: String,
    pub name: String,
    /// As OKE says it, with a `v`.
    pub version: String,
    pub build: Build,
}

pub fn all(cloud: &Cloud) -> Vec<Image> {
    let mut images = Vec::new();
    for version in &cloud.config.kubernetes_versions {
        let number = version.trim_start_matches('v');
        for build in [X86, ARM, GPU] {
            // In no order that a stack could rely on.
            for (os, date) in
                [("8.10", "2026.08.31"), ("9.6", "2026.06.30"), ("8.9", "2026.07.31"), ("10.1", "2026.05.31")]
            {
                let name = format!("Oracle-Linux-{os}-{}{date}-0-OKE-{number}-1330", build.example);
                let word = build.example.to_lowercase().replace('-', "");
                let unique = format!("ol{os}{word}k{number}").replace('.', "");
                let id = format!("ocid1.image.oc1.{}.{unique}", cloud.config.region);
                images.push(Image { id, name, version: version.clone(), build });
            }
        }
    }
    images
}
