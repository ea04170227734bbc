/** Settings files as people have them: the property tests run every tool over every one of its format. */
import type { FormatName } from "../../../src/agents/configure/formats/index.ts";

const JSON_FILES = {
  empty: "",
  "only a line end": "\n",
  "only blanks": "  \r\n\t\n",
  "an empty object": "{}",
  "an empty object with a line end": "{}\n",
  "an empty object with space": "{ }",
  "an empty object over lines": "{\n}\n",
  "an empty object with a comment": "{\n  // nothing yet\n}\n",
  "an empty object with a comment behind the bracket": "{ /* nothing */ }\n",
  "two spaces": '{\n  "theme": "dark",\n  "list": [1, 2]\n}\n',
  "four spaces": '{\n    "theme": "dark",\n    "deep": {\n        "er": true\n    }\n}\n',
  tabs: '{\n\t"theme": "dark",\n\t"deep": {\n\t\t"er": true\n\t}\n}\n',
  CRLF: '{\r\n  "theme": "dark",\r\n  "env": {\r\n    "FOO": "1"\r\n  }\r\n}\r\n',
  "no line end": '{\n  "theme": "dark"\n}',
  minified: '{"theme":"dark","env":{"FOO":"1"},"list":[1,2]}',
  "one line with spaces": '{ "theme": "dark", "env": { "FOO": "1" } }\n',
  "one line without a comma to learn from": '{"theme": "dark"}\n',
  "comments everywhere":
    '// head\n{\n  // first\n  "theme": "dark", // behind\n  /* block */ "env": {\n    "FOO": "1" // last, no comma\n    // below\n  } // end of env\n  // end\n}\n// tail\n',
  "a block comment with indentation": '/*\n * settings\n */\n{\n    "theme": "dark"\n}\n',
  "a comma at the end": '{\n  "theme": "dark",\n  "env": {\n    "FOO": "1",\n  },\n}\n',
  "a comma at the end and a comment": '{\n  "theme": "dark", // why\n}\n',
  "members on the bracket's line": '{ "theme": "dark",\n  "other": 1 }\n',
  "a comment before the closing bracket": '{"theme": "dark" // why\n}\n',
  "odd spacing": '{\n\n\n   "theme"  :   "dark"  ,\n\n "env":{}\n\n\n}\n\n\n',
  "strings that look like syntax": '{\n  "a": "// no comment }",\n  "b": "\\"},{",\n  "https://x/": ","\n}\n',
  "a name twice": '{\n  "env": { "FOO": "1" },\n  "env": { "BAR": "2" }\n}\n',
  "empty members":
    '{\n  "env": {},\n  "provider": {},\n  "modelProviders": { "openai": [] },\n  "security": { }\n}\n',
  "values of ours set by the user":
    '{\n  "model": "mine/own", // keep\n  "apiKeyHelper": "/bin/mine",\n  "env": {\n    "ANTHROPIC_BASE_URL": "https://gateway.example",\n    "ANTHROPIC_AUTH_TOKEN": "sk-own"\n  },\n  "security": { "auth": { "selectedType": "oauth-personal" } },\n  "language_models": { "openai_compatible": { "aicore": { "api_url": "http://old", "available_models": [ ] } } }\n}\n'.replace(
      '"model": "mine/own"',
      '"m": "mine/own"',
    ),
  "providers of the user's":
    '{\n  "provider": {\n    "mine": { "npm": "x" }\n  },\n  "modelProviders": {\n    "openai": [\n      { "id": "own", "baseUrl": "http://x" } // mine\n    ]\n  }\n}\n',
} as const;

const TOML_FILES = {
  empty: "",
  "only a line end": "\n",
  "only a comment": "# nothing\n",
  "top values": 'approval_policy = "never"\nsandbox_mode = "read-only" # why\n',
  "no line end": 'approval_policy = "never"',
  CRLF: 'approval_policy = "never"\r\n\r\n[tui]\r\nnotifications = true\r\n',
  "a schema line": '#:schema https://example.com/config.json\n\napproval_policy = "never"\n',
  "values of ours set by the user":
    '# mine\nmodel = \'o3\' # fast\nmodel_provider="azure"\nmodel_context_window = 1_000\n\n[model_providers.azure]\nname = "Azure"\nbase_url = "https://x"\n',
  "tables alone":
    '[projects."/home/u/a.b"]\ntrust_level = "trusted"\n\n[mcp_servers.docs]\ncommand = "npx"\nargs = ["-y", "docs"]\n',
  "a table without line end": '[tui]\nnotifications = ["a",\n  "b", # two\n]',
  "long strings":
    'notes = """\nmodel = "no"\n[not.a.table]\n"""\nother = \'\'\'\n# >>> no\n\'\'\'\n\n[tui]\nx = 1979-05-27 07:32:00Z\ny = { a = 1, b = [ 1.5e3, inf ] }\n',
  "lists of tables": '[[hooks]]\nname = "a"\n\n[[hooks]]\nname = "b"\n\n\n',
  "dotted and quoted keys": '"a.b".c = 1\nsite."google.com" = true\nmodel_providers.mine.name = "x"\n',
  "a value named model in a table": '[profiles.fast]\nmodel = "o4-mini"\nmodel_provider = "openai"\n',
} as const;

const YAML_FILES = {
  empty: "",
  "only a comment": "# mine\n",
  "Continue's own": "name: Local Config\nversion: 1.0.0\nschema: v1\nmodels: []\n",
  "an empty list with a comment": "name: x\nmodels: [] # none yet\nrules:\n  - be kind\n",
  "no value": "name: x\nmodels:\ncontext:\n  - provider: code\n",
  tilde: "name: x\nmodels: ~\n",
  "no list, no line end": "name: x\nversion: 0.0.1",
  "models of the user's":
    "name: x\nschema: v1\nmodels:\n  - name: Own # mine\n    provider: ollama\n    model: qwen\n\n# between\ncontext:\n  - provider: code\n",
  "a list at the margin": "models:\n- name: Own\n  provider: ollama\n  model: qwen\nname: x\n",
  "the list last, no line end": "name: x\nmodels:\n  - name: Own\n    provider: ollama",
  CRLF: "name: x\r\nmodels:\r\n    - name: Own\r\n      provider: ollama\r\nrules: []\r\n",
  "a text block": "name: x\nmodels:\n  - name: Own\n    prompt: |\n      several\n\n      lines\nrules: []\n",
  "comments behind the list": "models:\n  - name: Own\n  # - name: Off\n  #   provider: x\n\n\nname: x\n",
  "a start marker": "%YAML 1.2\n---\nname: x\nmodels:\n  - name: Own\n",
} as const;

const ENV_FILES = {
  empty: "",
  "no line end": "FOO=1",
  variables: '# mine\nFOO=1\nexport BAR="two words" # why\n',
  CRLF: "FOO=1\r\nBAR=2\r\n",
  "values of ours set by the user":
    "GEMINI_API_KEY=AIza-own # mine\nexport GOOGLE_GEMINI_BASE_URL = https://x\nGEMINI_MODEL=\nAICORE_LOCAL_KEY='old'\n",
  "a variable twice": "GEMINI_API_KEY=one\nGEMINI_API_KEY=two\n",
} as const;

export const ORIGINALS: Record<FormatName, Record<string, string>> = {
  json: JSON_FILES,
  toml: TOML_FILES,
  yaml: YAML_FILES,
  dotenv: ENV_FILES,
};
