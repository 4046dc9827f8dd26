import { HOSTILE, ruleIdOf, ruleOf, TEMPLATES } from "./data.ts";
import { validated } from "./workbench.ts";

type Stage = "RULE_STAGE_DRAFT" | "RULE_STAGE_SHADOW" | "RULE_STAGE_LIVE" | "RULE_STAGE_RETIRED";

interface Version {
  version: number;
  source: string;
  author: string;
  comment: string;
  createdMs: number;
  stage: Stage | "";
  tenants: string[];
  /** When it came to its stage. */
  sinceMs: number;
}

interface Kept {
  ruleId: string;
  title: string;
  kind: string;
  refersTo: string[];
  meta: ReturnType<typeof ruleOf>;
  versions: Version[];
  events: {
    timeMs: number;
    author: string;
    comment: string;
    action: string;
    version: number;
    waits: boolean;
  }[];
  /** Added to what counts, so that rules differ. */
  seed: number;
}

const HOUR = 3_600_000;
const CORRELATION = `title: Many encoded commands on one host
id: ${ruleIdOf(90)}
correlation:
  type: event_count
  rules: ${ruleIdOf(0)}
  group-by: host
  timespan: 10m
  condition:
    gte: 3
level: high
`;
const PATTERN = `title: Dump, then a way out
id: ${ruleIdOf(91)}
pattern:
  type: sequence
  within: 30m
level: critical
`;

/** RuleService and RuleDeploymentService of one tenant's world. */
export class Shelf {
  private readonly rules = new Map<string, Kept>();
  private revision = 7;
  /** What Kafka was told of last; it waits while it is away. */
  private published = 7;
  kafkaAway = false;
  private readonly tenant: string;

  constructor(tenant: string, count: (ruleId: string) => number) {
    this.tenant = tenant;
    if (tenant === "empty") return;
    TEMPLATES.forEach((template, i) => {
      this.keep(ruleOf(template, i, count(ruleIdOf(i))), "detection", i);
    });
    if (tenant === "hostile") {
      const meta = { ...ruleOf(HOSTILE, 99, 1), ruleId: ruleIdOf(99) };
      this.keep({ ...meta, author: "<img src=x onerror=window.pwned=12>\u202e" }, "detection", 99);
      const kept = this.rules.get(ruleIdOf(99));
      for (const version of kept?.versions ?? []) {
        version.comment = "<script>window.pwned=13</script>\u202e";
        version.author = "user:<svg onload=window.pwned=14>";
      }
    }
    const [first] = TEMPLATES;
    if (!first) return;
    const stateful = (
      n: number,
      title: string,
      source: string,
      level: string,
      kind: string,
      refers: string[],
    ) => {
      const meta = ruleOf({ ...first, title, level, techniques: ["T1059.001"] }, n, 4);
      this.keep({ ...meta, source, logSource: {} }, kind, n, refers);
    };
    stateful(90, "Many encoded commands on one host", CORRELATION, "LEVEL_HIGH", "event_count", [
      ruleIdOf(0),
    ]);
    stateful(91, "Dump, then a way out", PATTERN, "LEVEL_CRITICAL", "sequence", [ruleIdOf(1)]);
    this.ahead();
  }

  private keep(meta: ReturnType<typeof ruleOf>, kind: string, seed: number, refersTo: string[] = []) {
    const now = Date.now();
    this.rules.set(meta.ruleId, {
      ruleId: meta.ruleId,
      title: meta.title,
      kind,
      refersTo,
      meta,
      seed,
      versions: [12, 13].map((version) => ({
        version,
        source: version === 12 ? meta.source.replace("status: test", "status: experimental") : meta.source,
        author: "user:k.ito@acme",
        comment: version === 12 ? "First try" : "Reviewed",
        createdMs: now - (50 - version) * 24 * HOUR,
        stage: version === 13 ? "RULE_STAGE_LIVE" : "",
        tenants: [],
        sinceMs: now - 48 * 24 * HOUR,
      })),
      events: [
        {
          timeMs: now - 48 * 24 * HOUR,
          author: "user:k.ito@acme",
          comment: "Reviewed",
          action: "staged",
          version: 13,
          waits: false,
        },
      ],
    });
  }

  /** The first rule has a shadow and a draft before its live version; the last one is retired. */
  private ahead() {
    const now = Date.now();
    const first = this.rules.get(ruleIdOf(0));
    const live = first?.versions.at(-1);
    if (first && live) {
      const shadow = live.source.replace(
        "condition: all of them",
        "condition: all of them and not 1 of filter*",
      );
      const base = { author: "user:k.ito@acme", tenants: [], createdMs: now - 76 * HOUR };
      first.versions.push(
        {
          ...base,
          version: 14,
          source: shadow,
          comment: "Fewer false alarms",
          stage: "RULE_STAGE_SHADOW",
          sinceMs: now - 76 * HOUR,
        },
        {
          ...base,
          version: 15,
          source: `${shadow}# draft\n`,
          comment: "",
          stage: "RULE_STAGE_DRAFT",
          sinceMs: now - HOUR,
        },
      );
      first.events.push({
        timeMs: now - 76 * HOUR,
        author: "user:k.ito@acme",
        comment: "Fewer false alarms",
        action: "staged",
        version: 14,
        waits: false,
      });
    }
    const retired = this.rules.get(ruleIdOf(TEMPLATES.length - 1))?.versions.at(-1);
    if (retired) retired.stage = "RULE_STAGE_RETIRED";
  }

  /** GET and POST of everything about rules; false for addresses of others. */
  answer(kind: string, path: string[], query: URLSearchParams): { status: number; body: unknown } | null {
    const id = path[5] ?? "";
    const kept = this.rules.get(id);
    const ok = (body: unknown) => ({ status: 200, body });
    if (kind === "rulestatus") return id && !kept ? missing(id) : ok(this.status(id));
    if (kind === "rulefigures") return ok(this.figures(query.get("rule_id") ?? ""));
    if (kind !== "rules") return null;
    if (!id) return ok(this.list(query));
    if (!kept) return missing(id);
    if (path[6] === "versions" && path[7]) {
      const found = kept.versions.find((each) => String(each.version) === path[7]);
      return found ? ok(this.stored(kept, found, true)) : missing(`${id} version ${path[7]}`);
    }
    if (path[6] === "versions") {
      return ok({ versions: [...kept.versions].reverse().map((each) => this.stored(kept, each, false)) });
    }
    if (path[6] === "history") {
      return ok({
        events: [...kept.events].reverse().map(({ waits, timeMs, ...each }) => ({
          ...each,
          timeMs: String(timeMs),
          revision: String(this.revision),
          ...(waits ? { waitsForKafka: true } : {}),
        })),
      });
    }
    return ok(this.wire(kept, true));
  }

  private list(query: URLSearchParams) {
    const stages = query.getAll("stages");
    const wanted = stages.length > 0 ? stages : ["RULE_STAGE_SHADOW", "RULE_STAGE_LIVE"];
    const rules = [...this.rules.values()].filter((kept) =>
      kept.versions.some((each) => each.stage && wanted.includes(each.stage)),
    );
    return {
      rules: rules.map((kept) => this.wire(kept, false)),
      total: String(rules.length),
      ...(this.tenant === "empty" ? {} : { diagnostics: DIAGNOSTICS }),
    };
  }

  private wire(kept: Kept, whole: boolean) {
    const { source: _, ...meta } = kept.meta;
    const main = this.main(kept);
    return {
      ...meta,
      title: kept.title,
      kind: kept.kind,
      version: main.version,
      ...(main.stage ? { stage: main.stage } : {}),
      newestVersion: kept.versions.at(-1)?.version ?? 1,
      refersTo: kept.refersTo,
      changedBy: main.author,
      changedMs: String(main.createdMs),
      ...(whole ? { source: main.source } : {}),
    };
  }

  private main(kept: Kept): Version {
    const of = (stage: Stage) => kept.versions.findLast((each) => each.stage === stage);
    const found = of("RULE_STAGE_LIVE") ?? of("RULE_STAGE_SHADOW") ?? kept.versions.at(-1);
    if (!found) throw new Error("a rule without versions");
    return found;
  }

  private stored(kept: Kept, version: Version, whole: boolean) {
    const places = version.stage
      ? [{ version: version.version, stage: version.stage, tenants: version.tenants }]
      : [];
    return {
      ruleId: kept.ruleId,
      version: version.version,
      hash: `6f2c1a9e7c554b${version.version}`,
      title: kept.title,
      file: kept.meta.file,
      author: version.author,
      comment: version.comment,
      createdMs: String(version.createdMs),
      revision: String(this.revision),
      places,
      available: true,
      ...(whole ? { source: version.source } : {}),
    };
  }

  status(id: string) {
    const placed = [...this.rules.values()].filter((kept) => !id || kept.ruleId === id);
    return {
      revision: String(this.revision),
      publishedRevision: String(this.published),
      ...(this.published < this.revision ? { waitsForKafka: true } : {}),
      subtasks: 2,
      active: this.published < this.revision ? 0 : 2,
      rules: placed.flatMap((kept) =>
        kept.versions
          .filter((each) => each.stage)
          .map((each) => ({
            ruleId: kept.ruleId,
            title: kept.title,
            version: each.version,
            stage: each.stage,
            tenants: each.tenants,
            revision: String(this.revision),
            active: this.published < this.revision ? 0 : 2,
            subtasks: 2,
            ...this.counted(kept, each),
            file: kept.meta.file,
          })),
      ),
    };
  }

  private counted(kept: Kept, version: Version) {
    if (version.stage !== "RULE_STAGE_LIVE" && version.stage !== "RULE_STAGE_SHADOW") return {};
    const shadow = version.stage === "RULE_STAGE_SHADOW";
    const matches = shadow ? 12 : 40 + ((kept.seed * 37) % 90);
    return {
      matches: String(matches),
      alerts: String(shadow ? 3 : Math.ceil(matches / 3)),
      nanos: String(matches * (kept.seed === 0 ? 900_000 : 21_000 + kept.seed * 400)),
      ...(kept.seed === 4 ? { errors: "2", fault: "TW-R0001 failed on too many events" } : {}),
      ...(kept.kind === "detection" ? {} : { stateBytes: "1048576" }),
    };
  }

  private figures(id: string) {
    const rules = [...this.rules.values()].filter((kept) => !id || kept.ruleId === id);
    return {
      subtasks: 2,
      rules: rules.map((kept) => {
        const few = kept.seed % 3 !== 0;
        const nobody = kept.seed % 5 === 4;
        const [yes, no] = nobody ? [0, 2] : few ? [1, 1] : [31, 47 - kept.seed];
        return {
          ruleId: kept.ruleId,
          title: kept.title,
          ...this.counted(kept, this.main(kept)),
          fault: undefined,
          alerts24h: kept.meta.alerts24h,
          truePositives: String(yes),
          falsePositives: String(no),
          benign: few || nobody ? "0" : "9",
          ...(few || nobody ? {} : { falsePositiveRatio: no / (yes + no + 9) }),
        };
      }),
    };
  }

  /** What POST asks for. */
  change(kind: string, target: string, body: Posted): { status: number; body: unknown } {
    const action = target.split(":")[1] ?? kind.split(":")[1] ?? kind;
    const id = target.split(":")[0] ?? "";
    if (kind === "rules:deploy") return this.deploy(body);
    if (kind === "ruleversions") return this.create(body);
    const kept = this.rules.get(id);
    if (!kept) return missing(id);
    if (action === "rollback") return this.rollBack(kept, body);
    if (action === "retire") return this.place(kept, this.main(kept), "RULE_STAGE_RETIRED", "retired", body);
    const version = kept.versions.find((each) => each.version === body.version) ?? kept.versions.at(-1);
    return version && body.stage ? this.place(kept, version, body.stage, "staged", body) : missing(id);
  }

  private rollBack(kept: Kept, body: Posted) {
    const now = this.main(kept);
    const older = body.version
      ? kept.versions.find((each) => each.version === body.version)
      : kept.versions.findLast((each) => each.version < now.version);
    if (!older) {
      return { status: 400, body: { code: 9, message: "there is no version to roll back to" } };
    }
    return this.place(kept, older, "RULE_STAGE_LIVE", "rolled_back", body);
  }

  private place(kept: Kept, version: Version, stage: Stage, action: string, body: Posted) {
    const ends = stage === "RULE_STAGE_LIVE" || stage === "RULE_STAGE_RETIRED";
    for (const each of kept.versions) {
      if (each.stage === stage || (ends && each.stage)) each.stage = "";
    }
    version.stage = stage;
    version.tenants = body.tenants ?? [];
    version.sinceMs = Date.now();
    this.happened(kept, action, version.version, body.comment ?? "");
    return this.deployed(kept, version.version);
  }

  private happened(kept: Kept, action: string, version: number, comment: string) {
    this.revision++;
    if (!this.kafkaAway) this.published = this.revision;
    kept.events.push({
      timeMs: Date.now(),
      author: "operator:local",
      comment,
      action,
      version,
      waits: this.kafkaAway,
    });
  }

  private deployed(kept: Kept, version: number) {
    return {
      status: 200,
      body: {
        revision: String(this.revision),
        rules: [{ ruleId: kept.ruleId, title: kept.title, version, changed: true }],
        ...(this.kafkaAway ? { waitsForKafka: true } : {}),
      },
    };
  }

  private deploy(body: Posted) {
    const file = body.files?.[0];
    const text = file?.text ?? "";
    const problems = validated(text).diagnostics;
    if (problems) return { status: 200, body: { diagnostics: problems } };
    const kept = this.of(text, file?.file ?? "");
    const late = this.conflict(kept, file?.baseVersion);
    if (late) return late;
    const stage = body.stage ?? "RULE_STAGE_LIVE";
    return this.place(kept, this.versionOf(kept, text, body.comment ?? ""), stage, "staged", body);
  }

  private create(body: Posted) {
    const text = body.source ?? "";
    const problems = validated(text).diagnostics;
    if (problems) return { status: 200, body: { diagnostics: problems } };
    const kept = this.of(text, body.file ?? "");
    const late = this.conflict(kept, body.baseVersion);
    if (late) return late;
    const existed = kept.versions.some((each) => each.source === text);
    const version = this.versionOf(kept, text, body.comment ?? "");
    if (!version.stage) version.stage = "RULE_STAGE_DRAFT";
    if (!existed) this.happened(kept, "created", version.version, version.comment);
    return {
      status: 200,
      body: {
        version: this.stored(kept, version, false),
        ...(existed ? { existed: true } : {}),
        ...(this.kafkaAway ? { waitsForKafka: true } : {}),
      },
    };
  }

  /** Somebody else was faster. */
  private conflict(kept: Kept, base: number | undefined) {
    const newest = kept.versions.at(-1);
    if (!base || !newest || newest.version <= base) return null;
    const message = `somebody else (${newest.author}) has made version ${newest.version} of this rule since version ${base}`;
    return { status: 409, body: { code: 10, status: "ABORTED", message } };
  }

  /** A colleague saves a version; the test's page does not know yet. */
  colleague(ruleId: string) {
    const kept = this.rules.get(ruleId);
    const newest = kept?.versions.at(-1);
    if (!kept || !newest) return;
    const text = newest.source.replace("level: ", "# mine\nlevel: ");
    const made = this.versionOf(kept, text, "My own idea");
    made.author = "user:bob@acme";
    this.happened(kept, "created", made.version, made.comment);
  }

  kafkaBack() {
    this.kafkaAway = false;
    this.published = this.revision;
    for (const kept of this.rules.values()) for (const event of kept.events) event.waits = false;
  }

  private of(text: string, file: string): Kept {
    const id = /^id:\s*(\S+)/m.exec(text)?.[1] ?? "6f1f0d57-0c43-4b0e-9a3e-1c6c0e6f7b01";
    const title = /^title:\s*(.+)/m.exec(text)?.[1] ?? "Untitled";
    const known = this.rules.get(id);
    if (known) return known;
    const [first] = TEMPLATES;
    if (!first) throw new Error("no template");
    const meta = { ...ruleOf({ ...first, title }, 80, 0), ruleId: id, source: text, file };
    const kept: Kept = {
      ruleId: id,
      title,
      kind: "detection",
      refersTo: [],
      meta,
      versions: [],
      events: [],
      seed: 3,
    };
    this.rules.set(id, kept);
    return kept;
  }

  private versionOf(kept: Kept, source: string, comment: string): Version {
    const known = kept.versions.find((each) => each.source === source);
    if (known) return known;
    const version = (kept.versions.at(-1)?.version ?? 0) + 1;
    const made: Version = {
      version,
      source,
      author: "operator:local",
      comment,
      createdMs: Date.now(),
      stage: "",
      tenants: [],
      sinceMs: Date.now(),
    };
    kept.versions.push(made);
    return made;
  }
}

export interface Posted {
  files?: { file: string; text: string; baseVersion?: number }[];
  stage?: Stage;
  tenants?: string[];
  version?: number;
  comment?: string;
  file?: string;
  source?: string;
  baseVersion?: number;
}

const missing = (id: string) => ({ status: 404, body: { code: 5, message: `No rule ${id}.` } });

const DIAGNOSTICS = [
  {
    code: "TW-E2012",
    severity: "error",
    file: "windows/process/broken_modifier.yml",
    line: 14,
    column: 18,
    message: "Unknown modifier “contain”. The rule is refused.",
    remedy: "Use contains.",
  },
  {
    code: "TW-W2031",
    severity: "warning",
    file: "linux/cron_edit.yml",
    line: 9,
    column: 5,
    message: "No field CommandLin in linux/process_creation. This filter excludes nothing.",
    remedy: "Use CommandLine.",
  },
];
