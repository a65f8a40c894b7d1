//! What of the provider's resources the audit reads, and what it only names.
//! Knows no document.

mod table;

use crate::prove::May;
pub use table::ROWS;

/// An argument of a type of resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub kind: &'static str,
    /// Its path, such as `create_vnic_details.vlan_id`.
    pub argument: &'static str,
    pub treatment: Treatment,
}

const fn row(kind: &'static str, argument: &'static str, treatment: Treatment) -> Row {
    Row { kind, argument, treatment }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// Part of the network that is judged.
    Modelled,
    /// Its VNICs are in that subnet with those NSGs; whether they have public
    /// addresses is not known, so that they may.
    Assumed,
    /// Not modelled, and named each time that it is set.
    Named(May),
    /// It changes nothing about who reaches whom in a VCN.
    Nothing,
}

impl Treatment {
    /// As the table in the documentation has it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Modelled => "modelled",
            Self::Assumed => "modelled; a public address is possible",
            Self::Named(May::Open) => "named each time; may open",
            Self::Named(May::Close) => "named each time; may close",
            Self::Named(May::Either | May::Nothing) => "named each time; may open or close",
            Self::Nothing => "no effect",
        }
    }
}

/// The rows of a type of resource.
pub fn rows(kind: &str) -> &'static [Row] {
    // The rows are in the order of their types.
    let from = ROWS.partition_point(|row| row.kind < kind);
    let to = ROWS.partition_point(|row| row.kind <= kind);
    ROWS.get(from..to).unwrap_or_default()
}

/// What is not known about an argument that is only named.
pub fn why(argument: &str) -> &'static str {
    let last = argument.rsplit('.').next().unwrap_or(argument);
    match last {
        "security_attributes" => {
            "Zero Trust Packet Routing may block what security lists and NSGs admit; its policies are not analysed"
        }
        "drg_id" | "drg_route_table_id" | "drg_route_distribution_id" | "gateway_id" => {
            "what a DRG's own route tables and connections lead to is not analysed"
        }
        "peer_id" => "what lies behind a remote peering is not analysed",
        "route_table_id" => "a gateway's or an address's own route table is not analysed",
        "vlan_id" => "VLANs are not analysed: who is in one, and what reaches it",
        "private_endpoint_id" | "private_endpoint_ids" => {
            "what the service reaches, and who reaches it, through its private endpoint is not analysed"
        }
        "private_ip_id" => "which VNIC gets this public address is not analysed",
        "backend_nsg_ids" => "the rules that the cluster's controller adds to these NSGs are not analysed",
        name if name.contains("ipv6") => "IPv6 is not analysed",
        _ => "it is not analysed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_found_by_type() {
        assert!(ROWS.is_sorted_by_key(|row| (row.kind, row.argument)));
        assert_eq!(rows("oci_core_dhcp_options").len(), 1);
        assert!(rows("oci_core_nothing").is_empty());
        let kinds = ROWS.chunk_by(|a, b| a.kind == b.kind).filter_map(|own| own.first());
        let all: usize = kinds.map(|first| rows(first.kind).len()).sum();
        assert_eq!(all, ROWS.len());
    }
}
