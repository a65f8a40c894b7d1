//! The life of a stack: real OpenTofu or Terraform applies what cloudspells
//! generates to an OCI control plane of our own.

use super::cloud::Cloud;
use super::plan::resources;
use super::tools::{self, Tool, cache, said};
use super::{cloud, compare, generate, reading, tf_files, values, write_files};
use cloudspells::Layout;
use cloudspells::diagnostic::Source;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Where a reusable module lies in its caller.
const MODULE: &str = "modules/stack";

/// The tools that stacks live by: those of this machine, if there is a key to
/// sign with.
pub fn tools(test: &str) -> Vec<Tool> {
    let found = tools::tools(test);
    if found.is_empty() || key().is_file() {
        return found;
    }
    tools::skip(test, "no key to sign requests with");
    Vec::new()
}

/// An RSA key that opens nothing.
fn key() -> PathBuf {
    cache().join("throwaway-key.pem")
}

/// A stack with a control plane of its own. Dropped, both are gone.
pub struct Stack<'a> {
    tool: &'a Tool,
    pub cloud: Cloud,
    directory: tempfile::TempDir,
    /// Where `~` is: neither the tool nor its provider sees the user's own.
    home: tempfile::TempDir,
    layout: Layout,
}

impl<'a> Stack<'a> {
    /// A root module from a spec, written and initialised, nothing applied.
    pub fn new(tool: &'a Tool, spec: &str) -> Self {
        Self::of(tool, &Source::file("test.hcl", spec), Layout::Root)
    }

    /// The same from any spec. A reusable module gets a small caller.
    pub fn of(tool: &'a Tool, source: &Source, layout: Layout) -> Self {
        Self::at(tool, source, layout, Cloud::start())
    }

    /// The same in a given control plane.
    pub fn at(tool: &'a Tool, source: &Source, layout: Layout, cloud: Cloud) -> Self {
        let temporary = || tempfile::tempdir().expect("a temporary directory");
        let stack = Self { tool, cloud, directory: temporary(), home: temporary(), layout };
        stack.write(source);
        stack.succeeds(&["init", "-no-color", "-input=false"]);
        stack
    }

    /// Generates from another spec over what there is; the next apply makes
    /// the change.
    pub fn change_to(&self, spec: &str) {
        self.change_to_source(&Source::file("test.hcl", spec));
    }

    /// The same from any spec.
    pub fn change_to_source(&self, source: &Source) {
        self.write(source);
    }

    fn write(&self, source: &Source) {
        let module = self.module();
        for name in tf_files(&module) {
            std::fs::remove_file(name).expect("an old file can be removed");
        }
        write_files(&generate(source, self.layout), &module);
        let variables = std::fs::read_to_string(module.join("variables.tf")).expect("variables.tf");
        let variables = values::of_module(&variables);
        let (name, text) = if self.layout == Layout::Root {
            ("terraform.tfvars.json", Value::Object(variables))
        } else {
            ("main.tf.json", caller(variables))
        };
        std::fs::write(self.directory.path().join(name), text.to_string()).expect("a file can be written");
    }

    /// Where the generated module is.
    pub fn module(&self) -> PathBuf {
        if self.layout == Layout::Root { self.directory().to_owned() } else { self.directory().join(MODULE) }
    }

    /// Where the tool runs.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The tool, about to speak to this stack's control plane.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.tool.command(self.directory(), arguments);
        speak_to(&mut command, &self.cloud, self.home());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap_or_else(|error| panic!("{} does not start: {error}", self.tool.name))
    }

    fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{} {} failed:\n{}\n{}",
            self.tool.name,
            arguments.join(" "),
            said(&output),
            self.cloud.complaints().join("\n")
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub const APPLY: [&'static str; 4] = ["apply", "-no-color", "-input=false", "-auto-approve"];

    pub const DESTROY: [&'static str; 4] = ["destroy", "-no-color", "-input=false", "-auto-approve"];

    pub fn try_apply(&self) -> Output {
        self.run(&Self::APPLY)
    }

    pub fn apply(&self) {
        self.succeeds(&Self::APPLY);
    }

    /// `show -json` of what an apply would do now.
    pub fn plan_json(&self) -> Value {
        self.succeeds(&["plan", "-no-color", "-input=false", "-out=test.tfplan"]);
        self.show(&["test.tfplan"])
    }

    /// `show -json` of the state.
    pub fn state_json(&self) -> Value {
        self.show(&[])
    }

    fn show(&self, what: &[&str]) -> Value {
        let text = self.succeeds(&[&["show", "-no-color", "-json"], what].concat());
        serde_json::from_str(&text).expect("show -json prints JSON")
    }

    /// An apply would change nothing, by the tool's own account.
    pub fn assert_settled(&self) {
        let output = self.run(&["plan", "-no-color", "-input=false", "-detailed-exitcode"]);
        assert_eq!(output.status.code(), Some(0), "the next plan is not empty:\n{}", said(&output));
    }

    /// Destroys, after which the control plane has nothing.
    pub fn destroy(&self) {
        self.succeeds(&Self::DESTROY);
        assert!(self.cloud.is_empty(), "destroy left something: {:#}", self.cloud.snapshot());
        self.assert_no_complaints();
    }

    /// The control plane knew every request.
    pub fn assert_no_complaints(&self) {
        self.cloud.simulator.assert_no_unknown_requests();
    }

    /// The control plane has what the generated text says, all of it and no
    /// more. Gives the number of resources compared.
    pub fn assert_as_written(&self) -> usize {
        let (state, has) = (self.state_json(), self.cloud.snapshot());
        let ids: BTreeMap<String, String> = resources(&state["values"])
            .into_iter()
            .filter(|resource| resource["mode"] == "managed")
            .filter_map(|resource| {
                let word = |name: &str| Some(resource[name].as_str()?.to_owned());
                let index =
                    if resource["index"].is_null() { String::new() } else { format!("[{}]", resource["index"]) };
                let address = format!("{}.{}{index}", word("type")?, word("name")?);
                Some((address, resource["values"]["id"].as_str()?.to_owned()))
            })
            .collect();
        let expected = reading::expected(&self.module(), &state);
        let mut wrong = Vec::new();
        for one in &expected {
            let Some(id) = ids.get(&one.address) else {
                wrong.push(format!("{} is not in the state", one.address));
                continue;
            };
            match cloud::counterpart(&has, &one.kind, id, &one.document) {
                (_, None) => wrong.push(format!("{} is not in OCI", one.address)),
                (written, Some(found)) => wrong.extend(
                    compare::differences(&written, &found).into_iter().map(|line| format!("{}: {line}", one.address)),
                ),
            }
        }
        let written = cloud::written(expected.iter().map(|one| one.kind.as_str()));
        let present = cloud::present(&has);
        if written != present {
            wrong.push(format!("OCI has {present:?}, and written are {written:?}"));
        }
        assert!(wrong.is_empty(), "OCI does not have what is written:\n{}", wrong.join("\n"));
        expected.len()
    }
}

/// Sets what the real provider reads of where OCI is and who asks. `home` is
/// where neither tool nor provider sees the user's own.
pub fn speak_to(command: &mut Command, cloud: &Cloud, home: &Path) {
    let host = cloud.host();
    let overrides: Vec<_> = cloud::CLIENTS.iter().map(|client| format!("{client}={host}")).collect();
    command
        .env("CLIENT_HOST_OVERRIDES", overrides.join(";"))
        .env("OCI_TENANCY_OCID", "ocid1.tenancy.oc1..test")
        .env("OCI_USER_OCID", "ocid1.user.oc1..test")
        .env("OCI_FINGERPRINT", "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff")
        .env("OCI_PRIVATE_KEY_PATH", key())
        .env("OCI_REGION", "eu-frankfurt-1")
        // The provider asks the system where the user's home is.
        .env("TF_HOME_OVERRIDE", home)
        .env("HOME", home);
    profile(home);
    // A proxy has no business between a test and its loopback.
    for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(proxy);
    }
    // The real provider's client for compute's work requests has an address that
    // nothing overrides; by this way they, and whatever else would leave the
    // machine, come to the simulator.
    command.env("HTTPS_PROXY", cloud.host()).env("OCI_accept_local_certs", "true");
}

/// The profile of a session, for stacks whose provider block asks for one.
fn profile(home: &Path) {
    let (folder, key) = (home.join(".oci"), key());
    std::fs::create_dir_all(&folder).expect("a directory can be made");
    let token = folder.join("token");
    std::fs::write(&token, "token").expect("a file can be written");
    std::fs::copy(&key, folder.join("key.pem")).expect("a key can be copied");
    let settings = format!(
        "user=ocid1.user.oc1..test\ntenancy=ocid1.tenancy.oc1..test\nregion=eu-frankfurt-1\n\
         fingerprint=00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff\nkey_file={}\nsecurity_token_file={}\n",
        key.display(),
        token.display()
    );
    // The second is what the example values name.
    let config = format!("[DEFAULT]\n{settings}[example]\n{settings}");
    std::fs::write(folder.join("config"), config).expect("a file can be written");
}

/// A root module that calls the generated one.
fn caller(arguments: serde_json::Map<String, Value>) -> Value {
    let mut call = arguments;
    call.insert("source".to_owned(), json!(format!("./{MODULE}")));
    json!({
        "terraform": { "required_providers": { "oci": { "source": "oracle/oci" } } },
        "provider": { "oci": { "region": "eu-frankfurt-1" } },
        "module": { "stack": call },
    })
}
