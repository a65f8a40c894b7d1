//! Why a directory can't be written, as a message.

use crate::layout::Layout;
use crate::quote::{shell, terminal};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a directory can't be written.
#[derive(Debug)]
pub enum Problem {
    /// A file that no run of ours wrote.
    NotOurs(PathBuf),
    /// A file of ours that was changed since.
    Edited(PathBuf),
    /// A link or directory where a file should be, or the other way round.
    WrongKind(PathBuf, &'static str),
    /// A module that was generated from these values of `--spec`, while now an
    /// overlay is left out, or (then it is true) no spec is named at all.
    OtherSpec(PathBuf, Vec<String>, bool),
    /// A module of another layout, whose flag is not given now.
    OtherLayout(PathBuf, Layout),
    /// A manifest that can't be understood.
    Manifest(PathBuf, String),
    Io(PathBuf, &'static str, io::Error),
}

impl Problem {
    fn path(&self) -> &Path {
        match self {
            Self::NotOurs(path)
            | Self::Edited(path)
            | Self::WrongKind(path, _)
            | Self::OtherSpec(path, ..)
            | Self::OtherLayout(path, _)
            | Self::Manifest(path, _)
            | Self::Io(path, ..) => path,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = terminal::path(self.path());
        match self {
            Self::NotOurs(_) => write!(
                f,
                "{path} is in the way: nothing shows that cloudspells wrote it\n  help: move it to another name or directory, or choose another `--out`; if cloudspells did write it, restore `.cloudspells.json`, which says so"
            ),
            Self::Edited(_) => write!(
                f,
                "{path} was edited since cloudspells wrote it\n  help: move your changes into a file of your own and delete it, or restore it; `--diff` shows the difference. After a merge, take either side of every generated file"
            ),
            Self::WrongKind(_, wanted) => {
                write!(f, "{path} is not {wanted}\n  help: move it away, or choose another `--out`")
            }
            Self::OtherSpec(_, names, is_unnamed) => {
                let named = |name: &String| match name.as_str() {
                    "-" => "a spec on standard input".to_owned(),
                    file => terminal::printable(file),
                };
                let option = |name: &String| match name.as_str() {
                    "-" => " -s -".to_owned(),
                    file => format!(" -s {}", shell::word(file)),
                };
                let from = names.iter().map(named).collect::<Vec<_>>().join(" and ");
                let options: String = names.iter().map(option).collect();
                let options = options.trim_start();
                if *is_unnamed {
                    write!(
                        f,
                        "{path} was generated from {from}, and no spec is named: the built-in default stack would replace it\n  help: name the spec with `{options}`, and the folder that it is in, or choose another `--out`"
                    )
                } else {
                    write!(
                        f,
                        "{path} was generated from {from}, and this run leaves an overlay out: it would be another stack\n  help: name all of them (`{options}`), or choose another `--out`; if the overlay is gone for good, delete the generated files, `.cloudspells.json` among them"
                    )
                }
            }
            Self::OtherLayout(_, layout) => {
                let flag = layout.flags().trim_end();
                write!(
                    f,
                    "{path} was generated with `{flag}`; without it, a root module with a provider block would replace it\n  help: add `{flag}`, or choose another `--out`; if it is to be a root module, delete the generated files, `.cloudspells.json` among them"
                )
            }
            Self::Manifest(_, reason) => write!(
                f,
                "{path} can't be understood: {}\n  help: restore it from version control; without it nothing proves which files cloudspells wrote. After a merge conflict, take either side of every generated file (`git checkout --ours -- DIR`) and generate again",
                terminal::printable(reason)
            ),
            Self::Io(_, action, error) => write!(f, "cannot {action} {path}: {error}"),
        }
    }
}
