//! The plugins of Oracle Cloud Agent that a spec asks for.

use crate::diagnostic::{Diagnostic, Diagnostics, nearest, quoted};
use crate::facts::agent::{AS_OF, PLUGINS};
use crate::graph::Body;
use crate::spec::Field;
use crate::spec::list::items;
use crate::spec::value::display_name;

const EXAMPLE: &str = "[\"Bastion\"]";

/// Names of plugins, sorted.
pub fn plugins(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<String>> {
    let mut plugins = items(field, EXAMPLE, diagnostics, plugin)?;
    plugins.sort_unstable();
    Some(plugins)
}

fn plugin(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = display_name(field, diagnostics)?;
    if PLUGINS.contains(&text.as_str()) {
        return Some(text);
    }
    let label = match nearest(&text, PLUGINS) {
        Some(near) => format!("did you mean {}?", quoted(near)),
        None => "not a plugin that is known here".to_owned(),
    };
    diagnostics.push(
        Diagnostic::warning(field.span.clone(), format!("no plugin {} was known in {AS_OF}", quoted(&text)))
            .label(label)
            .help("leave it if it is new: `oci instance-agent plugin list` has the names"),
    );
    Some(text)
}

/// The block that turns them on; what is not named stays as the image has it.
pub fn config(plugins: &[String]) -> Option<Body> {
    let plugin = |body: Body, name: &String| {
        let plugin = Body::default().attribute("name", name.as_str()).attribute("desired_state", "ENABLED");
        body.block("plugins_config", plugin)
    };
    (!plugins.is_empty()).then(|| plugins.iter().fold(Body::default(), plugin))
}
