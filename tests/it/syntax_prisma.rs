//! What Prisma 7.10 takes and what it refuses as a matter of syntax, measured with its own parser, case by case.

use prisma_stage::source::Sources;
use prisma_stage::syntax;

/// Is the text taken without an error?
fn is_taken(text: &str) -> bool {
    let mut sources = Sources::default();
    let schema = sources.add_schema("schema.prisma", text);
    !syntax::parse(&sources, &schema).1.has_errors()
}

fn in_model(line: &str) -> String {
    format!("model A {{\n id Int @id\n {line}\n}}\n")
}

fn in_generator(line: &str) -> String {
    format!("generator g {{\n provider = \"x\"\n {line}\n}}\n")
}

/// Those that are not decided as Prisma decides.
fn otherwise(texts: impl Iterator<Item = String>, taken: bool) -> Vec<String> {
    texts.filter(|text| is_taken(text) != taken).collect()
}

#[test]
fn what_prisma_takes_is_taken() {
    assert_eq!(otherwise(FIELDS_TAKEN.iter().map(|line| in_model(line)), true), [""; 0]);
    assert_eq!(otherwise(PROPERTIES_TAKEN.iter().map(|line| in_generator(line)), true), [""; 0]);
    assert_eq!(otherwise(SCHEMAS_TAKEN.iter().map(|text| (*text).to_owned()), true), [""; 0]);
}

#[test]
fn what_prisma_refuses_is_refused() {
    assert_eq!(otherwise(FIELDS_REFUSED.iter().map(|line| in_model(line)), false), [""; 0]);
    assert_eq!(otherwise(PROPERTIES_REFUSED.iter().map(|line| in_generator(line)), false), [""; 0]);
    assert_eq!(otherwise(SCHEMAS_REFUSED.iter().map(|text| (*text).to_owned()), false), [""; 0]);
}

#[rustfmt::skip]
const FIELDS_TAKEN: &[&str] = &[
    "/* x\n y */", "a String /* x */", "a DateTime @updatedAt()", "a String @map (\"b\")", "a String @ map(\"b\")",
    "a String@map(\"b\")", "a String @map(\"b\")@unique", "a String ?", "a String []", "a Unsupported(\"x\")",
    "a Unsupported( \"x\" )", "a Unsupported(\"x\")[]", "a Unsupported(\"x\")?", "a Unsupported(\"\")?",
    "a String @default(\"b\\\"c\")", "a String @default(\"b\\nc\")", "a String @default(\"b\\tc\")",
    "a String @default(\"b\\rc\")", "a String @default(\"b\\bc\")", "a String @default(\"b\\/c\")",
    "a String @default(\"b\\fc\")", "a String @default(\"\\u0041\")", "a String @default(\"\\uD83D\\uDE00\")",
    "a String @default(\"\\u0000\")", "a Int @default(-1)", "a Float @default(1.5)", "a Int @default(007)",
    "a Float @default(-1.5)", "é String", "aé String", "名 String", "a名 String", "αβ String", "ª String", "ʰa String",
    "a\u{a0}String", "a\u{3000}String", "a\tString", "a String\r b String", "a Int @default(autoincrement ( ))",
    "a Int @default(autoincrement( ))", "a DateTime @default(now())", "a String @default(dbgenerated(\"x\"))",
    "a String @map(name:\"b\")", "a String @map(name : \"b\")", "@@ map(\"x\")", "@@map(\"x\") // hi",
    "@@map(\"x\") /// hi", "model String", "enum Int", "type String", "Unsupported String", "a String @map(\"{}\")",
    "/* x */ a String", "a String /* x\n y */", "/**/", "/*** a ***/", "/// hi", "//// hi",
    "a String @default(\"\u{7f}\")", "a String @default(\"\u{85}\")", "a String @default(\"\u{2028}\")",
    "a String @default(\"😀\")", "// a\tb\u{0}", "/// a\tb\u{0}", "a Int[] @default([1, 2])", "a String/* y */",
    "a String///y", "@@map(\"x\")// y", "a Int? @unique", "a Int?@unique", "a Int[]@default([])",
    "a Unsupported(\"x\" )", "a DateTime @updatedAt( )", "a String @map( \"x\" )", "a Int[] @default( [ 1 , 2 ] )",
    "@@map (\"x\")", "a String /* \n */\n b Int", "/* a */ /* b */", "/* a */ // b", "/* a */ /// b", "/* // */",
    "/* /// */", "/*/ */", "a String @map(\"\\\\\")", "a String @default(\"\\u00E9\")",
    "a String @default(\"\\uffff\")",
];

#[rustfmt::skip]
const FIELDS_REFUSED: &[&str] = &[
    "a /* x */ String", "a String @map(/* x */ \"b\")", "a String @map( // hi\n \"b\")", "a String @map(\n \"b\"\n)",
    "a String\n @map(\"b\")", "a Int\n b Int\n @@index([\n a,\n b\n ])", "a Int\n b Int\n @@index([a, b,])",
    "a String @map(\"b\",)", "a String @map(\"b\",,)", "a String @map(,\"b\")", "a String @map(name:)",
    "a String @db. Text", "a String @db .Text", "a: String", "a String!", "a [String]", "a String[]?", "a String??",
    "a String?[]", "a String[][]", "a String[ ]", "a", "a @map(\"b\")", "a Unsupported (\"x\")", "a Unsupported()?",
    "a Unsupported(\"x\",\"y\")?", "a String @map(\"b\nc\")", "a String @default(\"b\\0c\")",
    "a String @default(\"b\\x41c\")", "a String @default(\"b\\'c\")", "a String @default(\"b\\dc\")",
    "a String @default(\"\\u{41}\")", "a String @default(\"\\u41\")", "a String @default(\"\\uD83D\")",
    "a String @default(\"\\uDE00\")", "a String @default(\"\\uD83Dabc\")", "a String @default('x')",
    "a String @default(\"x)", "a Int @default(+1)", "a Float @default(1.)", "a Float @default(.5)",
    "a Float @default(1e5)", "a Float @default(1.5e-5)", "a Float @default(1E5)", "a Int @default(- 1)",
    "a Int @default(1_000)", "a Int @default(0x1)", "a Float @default(--1)", "1a String", "_a String", "-a String",
    "a-b String", "a😀 String", "a٣ String", "٣a String", "a\u{301} String", "Ⅷ String", "a² String", "123 String",
    "a$ String", "_ String", "a- String", "a\u{200d}b String", "a\u{c}String", "a\u{b}String", "a\u{200b}String",
    "a String\u{2028} b String", "a String\u{85} b String", "a \u{feff}String", "a DateTime @default(now(,))",
    "a String @default(dbgenerated(\"x\",))", "a String @", "a String @@unique", "a String @@map(\"x\")",
    "@map(\"x\")", "@@@map(\"x\")", "@@map(\n\"x\")", "@@map(\"x\") @@ignore", "a String junk", "a String;",
    "a String,", "a String(10)", "a db.String", "a \"String\"", "a String {", "a String /* x */ @map(\"b\")",
    "a String /* x\n y */ b String", "a String /* x */ // y", "a String @ma-p(\"x\")", "a String @map(na.me: \"x\")",
    "a String @1map(\"x\")", "a String @default(1a)", "a String @default(\"\t\")", "a String @default(\"\u{0}\")",
    "a String @default(\"\u{1f}\")", "a Int[] @default([a: 1])", "a String @.Text", "a:String", "a : String", "a:",
    "a Int(4)", "a Int!?", "a Int?!", "a [Int]?", "a [Int?]", "a [ Int ]", "a Int[ ]", "a Unsupported(\"x\")!",
    "a Unsupported(type: \"x\")", "a unsupported(\"x\")", "a Unsupported(\"x\",)", "a Int[] @default([1 2])",
    "a String @map(\"x\" name: \"y\")", "a Int[] @default([,1])", "a Int[] @default([,])", "a String @map(,)",
    "a Int @default((1))", "a String @default(dbgenerated(value:))", "a String @map(name:, map: \"x\")",
    "a String @map(name:,)", "a String @@ map", "@@", "a String @map(\"x\" /* y */)", "a String /* y */ @unique",
    "a String /* a */ /* b */", "/*/", "a String @unique /* a */ b", "a String / b", "a String @map(\"\\\")",
    "a String @default(\"\\U0041\")", "a String @default(\"\\u00G9\")", "a String @default(\"\\u00\")",
    "a String @default(\"\\ud83d\\ud83d\\ude00\")", "a String @default(\"\\ude00\\ud83d\")",
    "a String @default(\"\\ud83d\\n\")", "a String @default(\"\\u00é9\")", "a String @default(\"\\x\\y\")",
    "a String @default(\"\\é\")", "a String @default(\"\\u+041\")",
];

#[rustfmt::skip]
const PROPERTIES_TAKEN: &[&str] = &[
    "a = [\"x\",\"y\"]", "a = env(\"X\")", "a = 1", "a = true", "a = foo.bar", "a = \"x\" // hi", "a = []",
    "a = [[\"x\"]]", "a = f(x: 1, y: [2])", "a-b = \"x\"", "1 = \"x\"", "a = [\"x\", 1, true]", "/* x */",
    "a = 1 /* x */", "1a = \"x\"", "a = b-", "a = b.", "a = b..c", "a = a.1", "a = env (\"X\")", "a = f()",
    "a = \"x\"// y", "a = x// y",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { b: null })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: {b:null})",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { b: { not: null } })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { b: { not: null }, c: 1 })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: raw(\"b is null\"))",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { b: -1 })",
];

#[rustfmt::skip]
const PROPERTIES_REFUSED: &[&str] = &[
    "a =", "a", "a = [\"x\",\n\"y\"]", "@@foo(\"x\")", "a = [\"x\",]", "a == \"x\"", "a.b = \"x\"",
    "a = [\n\"x\",\n\"y\"\n]", "a = [\n\"x\"]", "a = \"\t\"", "_a = \"x\"", "a = _b", "a = -b", "a = 1.a", "a = 1a",
    "a = -", "a = 1-2", "a = 1.2.3", "a = a._b", "a = \"x\"\"y\"", "a = \"\\\n\"", "a = \"\\x\"",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { b: null, })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { b: null c: 1 })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { b null })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { b })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { \"b\": null })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { b: null,, c: 1 })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { b: })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { ,b: 1 })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: {b: null } extra)",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { b.c: 1 })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: { _b: 1 })",
    "previewFeatures = [\"partialIndexes\"]\n}\nmodel A {\n id Int @id\n b Int?\n c Int?\n @@index([b], where: {\n b: null })",
];

#[rustfmt::skip]
const SCHEMAS_TAKEN: &[&str] = &[
    "/* hi */\nmodel A { \n id Int @id\n}\n", "model A {\n id Int @id\n} model B {\n id Int @id\n}\n",
    "model A { // x\n id Int @id\n}\n", "model A { /// x\n id Int @id\n}\n", "model A {\n id Int @id\n} // x\n",
    "model A {\n id Int @id\n}", "model 名 {\n id Int @id\n}\n", "enum E {\n é\n}\n",
    "model A {\r id Int @id\r a String\r}\r", "model A {\r\n id Int @id\r\n a String\r\n}\r\n",
    "modelA {\n id Int @id\n}\n", "model\tA\t{\n id Int @id\n}\n", "model A{\n id Int @id\n}\n",
    "   model A {\n id Int @id\n   }\n", "model model {\n id Int @id\n}\n",
    "generator g {\n provider=\"x\"\n previewFeatures=[\"views\"]\n}\nview A {\n id Int @unique\n}\n",
    "/* a /* b */\nmodel A {\n id Int @id\n}\n", "/* hi */ model A {\n id Int @id\n}\n",
    "model A {\n id Int @id\n} /* hi */\n", "model A { /* hi */\n id Int @id\n}\n",
    "enum E {\n A /* x */\n /* z */\n}\n", "enum E {\n A @map(\"x\") /* x */\n}\n", "// hi", "/// hi",
    "//// hi\nmodel A {\n id Int @id\n}\n", "/// a\n\nmodel A {\n id Int @id\n}\n", "modelmodel {\n id Int @id\n}\n",
    "model A { foo bar\n id Int @id\n}\n", "model A { foo } bar\n id Int @id\n}\n", "enum A { foo\n B\n}\n",
    "generator a { foo\n provider=\"x\"\n}\n", "// x\n/// y\n/* z */",
    "model A {\n id Int @id\n} /// foo\nmodel B {\n id Int @id\n}\n", "  \n\t\n", "",
    "model A {\n id Int @id\n\u{a0}\n}\n", "model\u{a0}A\u{a0}{\n id Int @id\n}\n",
    "\u{a0}model A {\n id Int @id\n}\n", "model A {\n id\u{1680}Int @id\n}\n", "model A {\n id\u{202f}Int @id\n}\n",
    "model A {\n id\u{205f}Int @id\n}\n", "/* a */ // b\n", "generator h {\n provider = \"x\"\n a = { b: 1 }\n}\n",
    "generator h {\n provider = \"x\"\n a = [{ b: 1 }]\n}\n",
    "generator h {\n provider = \"x\"\n a = f({ b: 1 })\n}\n",
];

#[rustfmt::skip]
const SCHEMAS_REFUSED: &[&str] = &[
    "model A\n{\n id Int @id\n}\n", "model A { id Int @id }\n", "model A {\n id Int @id }\n", "enum A { B C }\n",
    "enum A { B }\n", "enum A {}\n", "model A {}\n", "type X = String\n", "type X = String @default(\"a\")\n",
    "enum E {\n 1\n}\n", "enum E {\n a-b\n}\n", "enum E {\n _a\n}\n", "generator g { provider = \"x\" }\n",
    "generator {\n provider = \"x\"\n}\n", "Model A {\n id Int @id\n}\n", "foo A {\n x\n}\n", "foo {\n x\n}\n",
    "foo\n", "model A {\n id Int @id\n", "model A {\n id Int @id\n}\n}\n", "model \"A\" {\n id Int @id\n}\n",
    "model 1A {\n id Int @id\n}\n", "model A-B {\n id Int @id\n}\n", "model A extends B {\n id Int @id\n}\n",
    "/* hi\nmodel A {\n id Int @id\n}\n", "model /* hi */ A {\n id Int @id\n}\n",
    "model A { /* \n */ id Int @id\n a Int @id\n}\n", "model A {\n id Int @id\n} foo\n",
    "model A {\n id Int @id\n};\n", "enum E {\n A String\n}\n", "enum E {\n A = 1\n}\n", "enum E {\n A,\n B\n}\n",
    "enum E {\n \"A\"\n}\n", "enum E {\n A @@map(\"x\")\n}\n", "enum E {\n A:\n}\n", "enum E {\n A?\n}\n",
    "enum E {\n A\n @map(\"x\")\n}\n", "enum E {\n A B\n}\n", "model A {\n id Int @id\n\u{b}}\n",
    "model A {\n id\u{180e}Int @id\n}\n", "model A // x\n{\n id Int @id\n}\n", "type X = String[]\n",
    "enum X = String\n",
];
