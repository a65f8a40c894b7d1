//! Reads Terraform addresses and references: `module.net["a"].oci_core_vcn.x`.
//! Must never know what a name stands for.

use serde_json::Value;

/// What tells the instances of one block apart: `count`'s number or
/// `for_each`'s text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    Number(u64),
    Text(String),
}

impl Key {
    /// An instance's `index`, as JSON has it.
    pub fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Number(number) => number.as_u64().map(Self::Number),
            _ => None,
        }
    }
}

/// One step of an address: `.name` or `[key]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Step {
    Name(String),
    Index(Key),
}

impl Step {
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            Self::Index(_) => None,
        }
    }
}

/// The module that something is in: each call's name and instance key, from
/// the root inwards.
pub type ModulePath = Vec<(String, Option<Key>)>;

/// The steps of an address or a reference.
pub fn steps(text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = text;
    loop {
        if let Some(inside) = rest.strip_prefix('[') {
            let (key, after) = index(inside)?;
            steps.push(Step::Index(key));
            rest = after;
        } else {
            let from = rest.strip_prefix('.').unwrap_or(rest);
            let end = from.find(['.', '[']).unwrap_or(from.len());
            let (name, after) = from.split_at_checked(end)?;
            if name.is_empty() || (rest.starts_with('.') == steps.is_empty()) {
                return None;
            }
            steps.push(Step::Name(name.to_owned()));
            rest = after;
        }
        if rest.is_empty() {
            return Some(steps);
        }
    }
}

/// What stands between brackets, and what follows them.
fn index(inside: &str) -> Option<(Key, &str)> {
    let Some(quoted) = inside.strip_prefix('"') else {
        let (number, after) = inside.split_once(']')?;
        return Some((Key::Number(number.parse().ok()?), after));
    };
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => {
                let after = quoted.get(at + 1..)?.strip_prefix(']')?;
                // HCL doubles the first character of what would otherwise begin
                // a template.
                return Some((Key::Text(text.replace("$${", "${").replace("%%{", "%{")), after));
            }
            '\\' => text.push(match characters.next()?.1 {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let digits: String = characters.by_ref().take(4).map(|(_, digit)| digit).collect();
                    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                }
                other => other,
            }),
            other => text.push(other),
        }
    }
    None
}

/// The module of an address such as `module.a[0].module.b`.
pub fn module_path(text: &str) -> Option<ModulePath> {
    let mut path = ModulePath::new();
    let steps = steps(text)?;
    let mut steps = steps.into_iter().peekable();
    while let Some(step) = steps.next() {
        if step.name() != Some("module") {
            return None;
        }
        let Step::Name(name) = steps.next()? else { return None };
        let key = match steps.peek() {
            Some(Step::Index(key)) => Some(key.clone()),
            _ => None,
        };
        if key.is_some() {
            steps.next();
        }
        path.push((name, key));
    }
    Some(path)
}

/// The references of an expression without those that only repeat the one
/// before them in a shorter form, as plans write them: `x.a.id`, then `x.a`.
pub fn whole_references<'a>(references: impl IntoIterator<Item = &'a str>) -> Vec<(&'a str, Vec<Step>)> {
    let mut whole = Vec::new();
    let mut before: Option<Vec<Step>> = None;
    for text in references {
        let Some(steps) = steps(text) else { continue };
        let shorter = before.is_some_and(|before| before.len() > steps.len() && before.starts_with(&steps));
        if !shorter {
            whole.push((text, steps.clone()));
        }
        before = Some(steps);
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_keys_with_dots_brackets_and_quotes() {
        let path = module_path(r#"module.a["x.y[\"0\"]"].module.b[3]"#);
        let key = Key::Text(r#"x.y["0"]"#.to_owned());
        assert_eq!(path, Some(vec![("a".to_owned(), Some(key)), ("b".to_owned(), Some(Key::Number(3)))]));
    }

    #[test]
    fn refuses_what_is_no_address() {
        for text in ["", ".a", "a..b", "a[", "a[x]", "a[\"x]", "a[\"x\"", "a.", "a[\"\\u12\"]", "[0]a"] {
            assert_eq!(steps(text), None, "{text}");
        }
    }

    #[test]
    fn drops_shorter_forms_only() {
        let kept = |references: &[&str]| -> Vec<String> {
            whole_references(references.iter().copied()).into_iter().map(|(text, _)| text.to_owned()).collect()
        };
        assert_eq!(kept(&["a.b.id", "a.b", "a.c.id", "a.c"]), ["a.b.id", "a.c.id"]);
        // The second is a separate reference, to all instances.
        assert_eq!(kept(&["a.b[0].id", "a.b[0]", "a.b", "a.b"]), ["a.b[0].id", "a.b"]);
    }
}
