//! Specs of every kind that should be accepted, for property tests.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

/// The same sample of a strategy in every run.
pub fn sample<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a value").current()).collect()
}

/// A text as a string literal of HCL. That OpenTofu reads it back as the same
/// text was seen for every text of up to five of the characters `$`, `%`, `{`, `a`.
pub fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{"))
}

/// Text that tempts a generator: quotes, templates, comments, heredocs.
pub fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("\\\"".to_owned()),
        Just("${".to_owned()),
        Just("$${".to_owned()),
        Just("$$${".to_owned()),
        Just("%{".to_owned()),
        Just("%%{ if true }".to_owned()),
        Just("}".to_owned()),
        Just("${var.x}".to_owned()),
        Just("${file(\"/etc/passwd\")}".to_owned()),
        Just("$".to_owned()),
        Just("%".to_owned()),
        Just("<<EOT".to_owned()),
        Just("<<-EOT".to_owned()),
        Just("# comment".to_owned()),
        Just("// comment".to_owned()),
        Just("/* comment */".to_owned()),
        Just("'".to_owned()),
        Just("`".to_owned()),
        Just("\u{e9}\u{1f600}\u{4e2d}".to_owned()),
        Just("a\u{301}".to_owned()),
        "[ -~]{1,12}",
    ];
    prop::collection::vec(piece, 1..8).prop_map(|pieces| pieces.concat())
}

/// A pass-through expression in any spacing.
pub fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("var.one".to_owned()),
        Just("var.two[ \"key\" ]".to_owned()),
        Just("var.three .name".to_owned()),
        Just("var.four[*].id".to_owned()),
        Just("var.five[0]".to_owned()),
        Just("path.module".to_owned()),
        Just("\"text\"".to_owned()),
        Just("\"a ${ var.six } b\"".to_owned()),
        Just("\"${var.seven}${var.eight}\"".to_owned()),
        Just("\"%{ if var.nine }yes%{ else }no%{ endif }\"".to_owned()),
        Just("\"%{~ for x in var.ten ~}${x}%{~ endfor ~}\"".to_owned()),
        Just("42".to_owned()),
        Just("-1".to_owned()),
        Just("1.5".to_owned()),
        Just("true".to_owned()),
        Just("null".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("<<EOT\nheredoc \"quoted\" \\ ${ var.eleven }\nEOT\n".to_owned()),
        hostile_text().prop_map(|text| quoted(&text)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let space = prop_oneof![Just(""), Just(" "), Just("  ")];
        prop_oneof![
            (inner.clone(), inner.clone(), space.clone()).prop_map(|(a, b, s)| format!("merge({s}{a}{s},{s}{b}{s})")),
            (inner.clone(), inner.clone(), space.clone()).prop_map(|(a, b, s)| format!("[{s}{a},{s}{b}{s}]")),
            (inner.clone(), inner.clone(), space.clone())
                .prop_map(|(a, b, s)| format!("{{{s}k{s}={a},{s}\"l m\"=\t{b}{s}}}")),
            (inner.clone(), inner.clone(), space.clone()).prop_map(|(a, b, s)| format!("({s}{a}{s}){s}=={s}({b})")),
            (inner.clone(), inner.clone(), space.clone()).prop_map(|(a, b, s)| format!("({a}){s}-{s}({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("var.cond?{a}:{b}")),
            (inner.clone(), inner.clone(), space.clone())
                .prop_map(|(a, b, s)| format!("[for x in{s}({a}):{b}{s}if({s}x!=1)]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{for k,v in ({a}):k=>{b}...}}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{ for k , v in {a}: k => {b} }}")),
            inner.clone().prop_map(|a| format!("!({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.clone().prop_map(|a| format!("\"pre ${{ {} }} post \\\" \\n\"", a.replace('\n', " "))),
            inner.prop_map(|a| format!("try({a},[ 1,2 ]...)")),
        ]
    })
    // A heredoc needs its lines; inside of anything else they would break it.
    .prop_filter("a heredoc only alone", |text| !text.contains("<<EOT") || text.starts_with("<<EOT"))
    .prop_filter("valid HCL", |text| hcl_edit::parser::parse_body(&format!("x = {text}\n")).is_ok())
}

prop_compose! {
    fn name()(text in "[a-zA-Z][a-zA-Z0-9_-]{0,10}") -> String { text }
}

/// A whole spec: one VCN, clusters and pools of all kinds.
pub fn spec() -> impl Strategy<Value = String> {
    let pool = (
        0..3_u64,
        1..8_u64,
        prop::option::of(hostile_text()),
        prop::option::of(50..500_u64),
        prop::bool::ANY,
        expression(),
    );
    let cluster = (
        prop::option::of(hostile_text()),
        prop::option::of(prop::collection::btree_set(1..250_u8, 0..4)),
        prop::collection::vec(pool, 0..3),
        prop::collection::btree_map("[A-Za-z][A-Za-z0-9_-]{0,12}", hostile_text(), 0..5),
        prop::option::of(expression()),
    );
    (name(), 16..21_u8, prop::collection::vec(cluster, 0..3)).prop_map(|(vcn, prefix, clusters)| {
        let mut text = format!("vcn \"{vcn}\" {{\n  cidr_block = \"10.64.0.0/{prefix}\"\n}}\n");
        for (index, (display, cidrs, pools, tags, map)) in clusters.into_iter().enumerate() {
            text += &format!("oke_cluster \"cluster-of-{index}\" {{\n  kubernetes_version = \"v1.32.{index}\"\n");
            if let Some(display) = display {
                text += &format!("  display_name = {}\n", quoted(&display));
            }
            if let Some(cidrs) = cidrs {
                let cidrs: Vec<_> = cidrs.iter().map(|n| format!("\"198.51.{n}.0/24\"")).collect();
                text += &format!("  api_allowed_cidrs = [{}]\n", cidrs.join(", "));
            }
            if !tags.is_empty() {
                let tags: Vec<_> = tags.iter().map(|(k, v)| format!("    {} = {}\n", quoted(k), quoted(v))).collect();
                text += &format!("  freeform_tags = {{\n{}  }}\n", tags.concat());
            }
            if let Some(map) = map.filter(|map| !map.starts_with(['"', '<', '[', '-', 't', 'n', '4', '1'])) {
                // Keys that stand there would have to be of defined tags.
                text += &format!("  defined_tags = true ? [{map}][0] : {{}}\n");
            }
            for (number, (nodes, ocpus, label, boot, key, image)) in pools.into_iter().enumerate() {
                text += &format!(
                    "  node_pool \"p{number}\" {{\n    shape = \"VM.Standard.A1.Flex\"\n    node_count = {nodes}\n    ocpus = {ocpus}\n    memory_in_gbs = {}\n    image = true ? {image}",
                    ocpus * 6
                );
                text += if image.ends_with('\n') { "    : \"\"\n" } else { " : \"\"\n" };
                if let Some(gb) = boot {
                    text += &format!("    boot_volume_size_in_gbs = {gb}\n");
                }
                if label.is_some() {
                    text += "    initial_node_labels = { \"example.com/a\" = \"b\", c = \"\" }\n";
                }
                if key {
                    text += "    ssh_public_key = var.key\n";
                }
                text += "  }\n";
            }
            text += "}\n";
        }
        text
    })
    .prop_filter("valid HCL", |text| hcl_edit::parser::parse_body(text).is_ok())
}

/// Every position in which a template can stand inside of an expression, by
/// the grammar of HCL: `@` is a string expression, and so is each as a whole.
/// What follows the inner template is text that would be code if its quotes
/// were lost.
pub const POSITIONS: [&str; 48] = [
    // Templates around it.
    r#""${@}""#,
    r#""a ${@} \" \n } $${b} %%{ c } \\""#,
    r#""%{ if @ != "" }t\"\n%{ else }f\"\n%{ endif } \" \n""#,
    r#""%{ if var.yes }${@}\t\"%{ endif } \" \n""#,
    r#""%{ if !var.yes }n\"%{ else }${@} \"\n%{ endif } \" \n""#,
    r#""%{ for x in [@] }${x} \"\n%{ endfor }\"\n}\n""#,
    r#""%{ for x in ["p", "q"] }${@}\"\n${x}\"%{ endfor } \" \u00e9""#,
    r#""%{ for i, x in { k = @ } }${i}=${x}\"\n%{ endfor } \" \n""#,
    r#""%{ for x in ["p"] }%{ if x == @ }=\"%{ else }\"${@}%{ endif }\"%{ endfor }\"\n""#,
    // Strip markers.
    r#"" a ${~ @ ~} \n \" ""#,
    r#"" a %{~ if @ != "" ~} \n t \" %{~ else ~} \n f %{~ endif ~} \n \" ""#,
    r#"" a %{~ for x in [@] ~} \n ${x} \" %{~ endfor ~} \n \" ""#,
    r#""${@ ~} ""#,
    // Collections.
    r#"[@][0]"#,
    r#"["a", @, "b"][1]"#,
    r#"{ k = @ }.k"#,
    r#"{ k = @ }["k"]"#,
    r#"{ "k" : @, l = 1 }["k"]"#,
    r#"keys({ (@) = 1 })[0]"#,
    r#"keys({ "${@}\"\n" = 1 })[0]"#,
    r#"keys({ "%{ if var.yes }${@}\"\n%{ endif }" = 1 })[0]"#,
    // Operators.
    r#"(@)"#,
    r#"@ == "a" ? "t" : "f""#,
    r#""a" == @ ? "t" : "f""#,
    r#"!(@ != "a") ? "t" : "f""#,
    r#"-length(@) < 0 ? "t" : "f""#,
    r#"var.yes ? @ : """#,
    r#"!var.yes ? "" : @"#,
    // Calls.
    r#"upper(@)"#,
    r#"join(@, ["a", "b"])"#,
    r#"format("%s-%s", [@, "b"]...)"#,
    // Traversals.
    r#"one((@)[*])"#,
    r#"join("", [{ n = @ }].*.n)"#,
    r#"join("", [{ n = @ }][*].n)"#,
    r#"[@].0"#,
    r#"{ t = "v", f = "w" }[@ == "a" ? "t" : "f"]"#,
    // For expressions.
    r#"[for x in [@] : x][0]"#,
    r#"[for x in ["a"] : @][0]"#,
    r#"join("", [for x in ["a"] : x if @ != "zz"])"#,
    r#"keys({ for x in ["a"] : @ => x })[0]"#,
    r#"values({ for x in ["a"] : x => @ })[0]"#,
    r#"values({ for x in ["a"] : x => @... })[0][0]"#,
    r#"join("", keys({ for k, x in { a = @ } : k => x if x != "" }))"#,
    // Heredocs: only outermost, for they need lines of their own.
    "<<EOT\n${@} \"q\" \\n $${b}\n  %{ if var.yes ~}\n   t\n  %{ endif ~}\n\n  x\nEOT\n",
    "<<EOT\n%{ for x in [@] ~}\n  ${x} \"\n%{ endfor ~}\n \\ end\nEOT\n",
    "<<-EOT\n    ${@} \"q\"\n      indented\n\n    \t$${b} %%{c}\n  EOT\n",
    "<<-EOT\n    %{ for x in [@, \"b\"] ~}\n    ${x}\n    %{ endfor ~}\n      \"q\" \\\n  EOT\n",
    "<<-EOT\n\t\ta ${@}\n   \n\t\t%{~ if var.yes }\n\t b %{ endif ~}  \n\t\tc\n  EOT\n",
];

/// Texts and templates that stand in those positions.
pub const INNERMOST: [&str; 6] = [
    r#""a${var.b}""#,
    r#""\"\n}\n$${c} %%{ d }""#,
    r#""${var.b}${var.b}\"""#,
    "var.b",
    r#""%{ if var.yes }\"%{ endif }""#,
    r#""""#,
];

/// One position inside of another, and another.
pub fn nested_template(path: &[usize], innermost: usize) -> String {
    let innermost = INNERMOST[innermost % INNERMOST.len()];
    path.iter().rev().enumerate().fold(innermost.to_owned(), |inner, (depth, index)| {
        let inline = POSITIONS.iter().filter(|position| !position.starts_with("<<")).count();
        let outermost = depth + 1 == path.len();
        let position = POSITIONS[index % if outermost { POSITIONS.len() } else { inline }];
        // An operator binds what is around it.
        let inner = if position.contains("@ ==")
            || position.contains("== @")
            || position.contains("@ !=")
            || position.contains("@.")
        {
            format!("({inner})")
        } else {
            inner
        };
        position.replace('@', &inner)
    })
}
