//! What a machine boots from, where it is not what the image says; and what any
//! volume may be given.

use super::keys::check_kms_key;
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::facts::limits;
use crate::spec::value::{Objection, integer, passthrough};
use crate::spec::{BlockReader, Field, Passthrough, VariableUse};

/// What an instance boots from, where it is not what the image says.
#[derive(Default)]
pub struct BootVolume {
    pub size_in_gbs: Option<At<u64>>,
    pub vpus_per_gb: Option<u64>,
    pub kms_key_id: Option<Passthrough>,
    pub backup_policy_id: Option<Passthrough>,
}

impl BootVolume {
    /// Volumes of machines that come and go have no backups.
    pub fn read(reader: &mut BlockReader<'_>, may_be_backed_up: bool) -> Option<Self> {
        let title = reader.title().replace('"', "");
        let size = reader.optional("size_in_gbs", integer(limits::BOOT_VOLUME_GB, " GB"));
        let vpus = reader.optional("vpus_per_gb", |field, diagnostics| vpus(field, 10, diagnostics));
        let key = kms_key(reader, &title);
        let policy = if may_be_backed_up { backup_policy(reader, &title) } else { refuse_backups(reader) };
        Some(Self {
            size_in_gbs: size,
            vpus_per_gb: vpus.map(|at| at.value),
            kms_key_id: key,
            backup_policy_id: policy,
        })
    }

    pub fn variables(&self) -> impl Iterator<Item = &VariableUse> {
        self.kms_key_id.iter().chain(&self.backup_policy_id).flat_map(|given| &given.uses)
    }
}

fn refuse_backups(reader: &mut BlockReader<'_>) -> Option<Passthrough> {
    let span = reader.refuse("backup_policy_id")?;
    reader.diagnostics.push(
        Diagnostic::error(span, format!("{} can't be backed up", reader.title()))
            .label("instances of a pool come and go, and their volumes with them")
            .help("keep data elsewhere: in a file system, a bucket, a database, or a `compute_instance` with a volume"),
    );
    None
}

/// Performance units, from `least` on.
pub fn vpus(field: &Field<'_>, least: u64, diagnostics: &mut Diagnostics) -> Option<u64> {
    let number = integer(0..=120, "")(field, diagnostics)?;
    if number >= least && limits::VOLUME_VPUS.contains(&number) {
        return Some(number);
    }
    let help = if least == 0 { "0 (lower cost), 10 (balanced), 20 (higher)" } else { "10 (balanced), 20 (higher)" };
    diagnostics.push(
        Diagnostic::error(field.span.clone(), format!("{} of {} can't be {number}", field.subject, field.owner))
            .label("not a performance level of OCI's")
            .help(format!("write {help}, or 30 to 120 in tens (ultra high)")),
    );
    None
}

pub fn kms_key(reader: &mut BlockReader<'_>, title: &str) -> Option<Passthrough> {
    let purpose = format!("OCID of the key that encrypts {title}");
    reader.optional("kms_key_id", passthrough(purpose, Some("key"), check_kms_key)).map(|at| at.value)
}

pub fn backup_policy(reader: &mut BlockReader<'_>, title: &str) -> Option<Passthrough> {
    let purpose = format!("OCID of the backup policy of {title}");
    let kind = Some("volumebackuppolicy");
    reader.optional("backup_policy_id", passthrough(purpose, kind, check_policy)).map(|at| at.value)
}

fn check_policy(text: &str) -> Objection {
    (!text.starts_with("ocid1.volumebackuppolicy.")).then_some((
        "not the OCID of a backup policy",
        "write \"ocid1.volumebackuppolicy....\" or var.backup_policy_id; `oci bv volume-backup-policy list` has Oracle's gold, silver and bronze",
    ))
}
