//! The generated README shows what a user wrote, and renders nothing of it.

#![cfg(unix)]

use crate::common::home::{Home, ran};
use crate::common::strategy::quoted;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// What Markdown, HTML, mermaid or a shell would take for more than text.
const HOSTILE: &[&str] = &[
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](http://example/x)",
    "<http://example>",
    "http://example",
    "c|d",
    "c\\|d",
    "ends in \\",
    "`code` ``more``",
    "`",
    "*a* **b** _c_ __d__ ~~e~~ ~f~",
    "_x_",
    "&lt;b&gt; &amp; &#124; &",
    "-->",
    "<!-- x",
    "]",
    "[x]: http://example",
    "$(touch X) $x$",
    "\"]; click a \"javascript:x\"",
    "# x #",
    "two  spaces",
    "$${x} %%{if}",
];

/// A spec with some texts as tag keys, and in a path and a display name: each
/// tag is a variable, whose description names the key.
fn spec_of(texts: &[&str]) -> String {
    let tag = |(index, text): (usize, &&str)| format!("    {} = var.v{index:02}\n", quoted(&format!("N.{text}")));
    let tags: String = texts.iter().enumerate().map(tag).collect();
    format!(
        "vcn \"lab\" {{\n  defined_tags = {{\n{tags}  }}\n}}\noke_cluster \"k8s\" {{\n  kubernetes_version = \
         \"v1.35.2\"\n  display_name = {}\n  create_kubeconfig = {}\n}}\n",
        quoted(&texts.concat().chars().take(200).collect::<String>()),
        quoted(&path_of(texts)),
    )
}

fn path_of(texts: &[&str]) -> String {
    format!("a {} b", texts.join(" "))
}

/// Every kind of Markdown that a reader of the README may know.
fn rendered(markdown: &str) -> Parser<'_> {
    Parser::new_ext(
        markdown,
        Options::all().difference(Options::ENABLE_SMART_PUNCTUATION | Options::ENABLE_OLD_FOOTNOTES),
    )
}

/// The rows of all tables: of each cell its text.
fn rows(markdown: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut cell = None;
    for event in rendered(markdown) {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => cell = Some(String::new()),
            Event::Text(text) | Event::Code(text) => cell.iter_mut().for_each(|cell| cell.push_str(&text)),
            Event::End(TagEnd::TableCell) => {
                rows.last_mut().expect("a cell is in a row").push(cell.take().expect("it began"))
            }
            _ => {}
        }
    }
    rows
}

#[test]
fn commands_sign_as_the_provider_block_says() {
    let home = Home::empty();
    let page = |provider: &str, flags: &str| {
        home.write("cloudspells.hcl", provider.to_owned() + cloudspells::DEFAULT_SPEC);
        home.fine(&format!("gen --out infra{} {flags}", flags.trim()));
        home.read(&format!("infra{}/README.md", flags.trim()))
    };
    // Each command of `oci` with all its lines.
    let commands = |page: &str| -> Vec<String> {
        let lines = page.replace(" \\\n", " ");
        lines.lines().filter(|line| line.starts_with("oci ")).map(str::to_owned).collect()
    };
    let otherwise = "a `provider` block in the spec says it otherwise";
    let as_it_says = "The provider signs its calls as the `provider` block of the spec says";
    let plain = page("", "");
    assert!(plain.contains(otherwise) && !plain.contains(as_it_says), "{plain}");
    assert_eq!(commands(&plain).len(), 3);
    assert!(!plain.contains("--profile") && plain.contains("--region <region>"), "{plain}");
    let profile = "provider {\n  config_file_profile = \"my prod\"\n  region = \"eu-frankfurt-1\"\n}\n";
    let named = page(profile, "");
    assert!(!named.contains(otherwise) && named.contains(as_it_says), "{named}");
    for command in commands(&named) {
        assert!(command.ends_with(" --profile 'my prod'"), "{command}");
    }
    assert!(named.contains("--region eu-frankfurt-1 "), "{named}");
    let session = "provider {\n  config_file_profile = var.profile\n  auth = \"SecurityToken\"\n}\n";
    for command in commands(&page(session, "")) {
        assert!(command.ends_with(" --profile <profile> --auth security_token"), "{command}");
    }
    // What somebody else's provider block says is not known.
    for flags in ["--module", "--no-provider"] {
        assert!(!page(profile, flags).contains("--profile"), "{flags}");
    }
}

#[test]
fn a_readme_says_which_tags_the_provider_of_others_must_ignore() {
    let home = Home::with("provider {\n  ignore_defined_tags = [\"Finance.Owner\"]\n}\nvcn \"lab\" {}\n");
    for flags in ["--module", "--no-provider"] {
        home.fine(&format!("gen --out infra{flags} {flags}"));
        let page = home.read(&format!("infra{flags}/README.md"));
        let block = page.split("provider \"oci\" {").nth(1).expect("a provider block").split("```").next();
        let block = format!("provider \"oci\" {{{}", block.expect("it ends"));
        let body: hcl::Body = hcl::from_str(&block).expect("HCL");
        let tags = body.blocks().next().and_then(|block| block.body.attributes().next()).expect("an attribute");
        assert_eq!(tags.key(), "ignore_defined_tags");
        let text = tags.expr().to_string();
        for tag in ["Oracle-Tags.CreatedBy", "Oracle-Tags.CreatedOn", "Finance.Owner"] {
            assert!(text.contains(tag), "{flags}: {text}");
        }
    }
}

#[test]
fn a_readme_shows_the_users_text_and_renders_nothing_of_it() {
    let home = Home::empty();
    let plain: Vec<_> = (0..HOSTILE.len()).map(|number| format!("key{number}")).collect();
    home.write("plain.hcl", spec_of(&plain.iter().map(String::as_str).collect::<Vec<_>>()));
    home.fine("gen --out plain -s plain.hcl");
    let headings = |page: &str| -> usize {
        rendered(page).filter(|event| matches!(event, Event::Start(Tag::Heading { .. }))).count()
    };
    let expected = headings(&home.read("plain/README.md"));
    for name in HOSTILE.iter().map(|text| text.replace('/', "")).chain(["x\n\n<b>.hcl".to_owned(), "-".to_owned()]) {
        home.write(&name, spec_of(HOSTILE));
        let ran = ran(&mut home.command(&["gen", "--out", "infra", "-s", &format!("./{name}")]));
        assert_eq!(ran.code, Some(0), "{name}: {ran:?}");
        let readme = home.read("infra/README.md");
        let events: Vec<_> = rendered(&readme).collect();
        let html: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                Event::Html(text) | Event::InlineHtml(text) => Some(text.trim()),
                _ => None,
            })
            .filter(|text| !text.is_empty())
            .collect();
        assert!(
            html.len() == 3
                && html[0].starts_with("<!-- Generated by cloudspells from ")
                && html[0].find("-->") == Some(html[0].len() - 3)
                && html[1..] == ["<!-- BEGIN_TF_DOCS -->", "<!-- END_TF_DOCS -->"],
            "{name}: {html:?}"
        );
        for event in &events {
            let ours = !matches!(
                event,
                Event::Start(
                    Tag::Link { .. }
                        | Tag::Image { .. }
                        | Tag::Emphasis
                        | Tag::Strong
                        | Tag::Strikethrough
                        | Tag::Subscript
                        | Tag::Superscript
                        | Tag::BlockQuote(_)
                ) | Event::InlineMath(_)
                    | Event::DisplayMath(_)
                    | Event::FootnoteReference(_)
            );
            assert!(ours, "{name}: {event:?}");
        }
        // A renderer drops cells that are too many: the rows are counted as
        // they are written, too.
        let table_lines: Vec<_> = readme.lines().filter(|line| line.starts_with('|')).collect();
        for line in &table_lines {
            assert!([3, 4, 5, 6].contains(&line.matches('|').count()), "{line}");
        }
        let rows = rows(&readme);
        for (index, text) in HOSTILE.iter().enumerate() {
            let shown = format!("Tag N.{text} of vcn lab.");
            let row = [&format!("v{index:02}"), shown.as_str(), "string", "n/a", "yes"];
            assert!(rows.iter().any(|cells| cells.iter().map(String::as_str).eq(row)), "{name}: {row:?}: {rows:#?}");
            assert_eq!(readme.lines().find(|line| line.contains(row[0])).map(|l| l.matches('|').count()), Some(6));
        }
        assert_eq!(headings(&readme), expected, "{name}: the user's text makes no heading");
        for shown in [name.replace('\n', "?"), path_of(HOSTILE)] {
            let is_shown = |event: &Event<'_>| matches!(event, Event::Code(code) if **code == *shown);
            assert!(events.iter().any(is_shown), "{name}: {shown} is not shown");
        }
    }
}
