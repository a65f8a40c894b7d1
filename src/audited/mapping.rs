//! What a user says of a cluster that cloudspells did not generate: which NSG
//! is a role's.

use crate::audit::{Problem, Role, Subject, roles};
use crate::diagnostic::{listed, nearest, quoted};
use crate::prove::network::Group;

/// An NSG, by its address or OCID, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    role: &'static Role,
    nsg: String,
}

impl Mapping {
    /// Reads `lb=oci_core_network_security_group.x`.
    ///
    /// # Errors
    ///
    /// If it is not of that form, or names no role.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = || roles::EVERY.iter().map(|role| role.word);
        let known = listed(words().collect::<Vec<_>>());
        let (word, nsg) = text.split_once('=').filter(|(_, nsg)| !nsg.is_empty()).ok_or_else(|| {
            format!(
                "{} is not ROLE=NSG, as in `lb=oci_core_network_security_group.lb`; the roles are {known}",
                quoted(text)
            )
        })?;
        let role = roles::EVERY.into_iter().find(|role| role.word == word).ok_or_else(|| {
            let hint = nearest(word, words()).map(|word| format!("; did you mean {word}?")).unwrap_or_default();
            format!("{} is no role{hint}; the roles are {known}", quoted(word))
        })?;
        Ok(Self { role, nsg: nsg.to_owned() })
    }
}

impl Subject {
    /// Gives the VNICs of a role, in each cluster that cloudspells did not
    /// generate, an NSG. Where a cluster has none of that role, they are those
    /// that are in the NSG.
    ///
    /// # Errors
    ///
    /// If there is no such NSG or no such cluster, or if nothing could have it.
    pub fn map(&mut self, mapping: &Mapping) -> Result<(), Problem> {
        let Mapping { role, nsg } = mapping;
        let key = self.nsg_ids.get(nsg).unwrap_or(nsg).clone();
        if !self.network.nsgs.contains_key(&key) {
            let hint = nearest(&key, self.network.nsgs.keys().map(String::as_str));
            let hint = hint.map(|nsg| format!("; did you mean {nsg}?")).unwrap_or_default();
            return Err(Problem::new(
                format!("no network security group here is {}{hint}", quoted(nsg)),
                "name it by its address in the plan or state, or by its OCID",
            ));
        }
        let in_it = |groups: &[Group]| -> Vec<usize> {
            groups.iter().enumerate().filter(|(_, group)| group.nsgs.contains(&key)).map(|(at, _)| at).collect()
        };
        let members = in_it(&self.network.groups);
        let mut has_cluster = false;
        for cluster in self.clusters.iter_mut().filter(|cluster| !cluster.is_generated) {
            has_cluster = true;
            cluster.mapped.push(role);
            let Some((_, groups)) = cluster.vnics.iter_mut().find(|(other, _)| other == role) else { continue };
            if groups.is_empty() {
                groups.clone_from(&members);
                if members.is_empty() {
                    return Err(Problem::new(
                        format!("{} has no {} here, and no VNIC here is in {nsg}", cluster.address, role.vnics),
                        "audit the state that has them as well",
                    ));
                }
                continue;
            }
            for network in [Some(&mut self.network), self.widest.as_mut()].into_iter().flatten() {
                for at in groups.iter() {
                    if let Some(group) = network.groups.get_mut(*at)
                        && !group.nsgs.contains(&key)
                    {
                        group.nsgs.push(key.clone());
                    }
                }
            }
        }
        if has_cluster {
            // Now somebody is in it.
            self.unknowns.retain(|one| one.address != key || one.attribute != "vnics");
            return Ok(());
        }
        Err(Problem::new(
            format!("there is no cluster here whose {} need an NSG to be named", role.vnics),
            "leave out `--map`: the tags of a cluster that cloudspells generated say which NSGs it has",
        ))
    }
}
