package dev.tidewatch.agent.config;

import dev.tidewatch.agent.config.Setting.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every key there is. The reference page is made of this table. */
final class SettingTable {
  static final Map<String, Setting> BY_KEY = new LinkedHashMap<>();

  private SettingTable() {}

  private static void add(String key, Kind kind, String fallback, String description) {
    BY_KEY.put(key, new Setting(key, kind, fallback, description));
  }

  static List<Setting> all() {
    return List.copyOf(BY_KEY.values());
  }

  static {
    add("spool.max-bytes", Kind.SIZE, "256MiB", "Bound of the spool on disk.");
    add(
        "spool.segment-bytes",
        Kind.SIZE,
        "4MiB",
        "Size of one file of the spool; at most a quarter of the bound.");
    add("spool.max-age", Kind.DURATION, "0", "Events older than this are dropped and counted.");
    add(
        "spool.when-full",
        Kind.CHOICE,
        "block",
        "`block`: collectors wait until the gateway takes something; `drop-oldest`: the oldest segment is deleted and its events are counted.");
    add(
        "spool.fsync",
        Kind.CHOICE,
        "interval",
        "`always`, `interval` or `never`: what a power cut can take. The death of the process takes nothing.");
    add("spool.fsync-interval", Kind.DURATION, "1s", "For `interval`.");
    add("batch.max-events", Kind.COUNT, "500", "Events in a batch.");
    add("batch.max-bytes", Kind.SIZE, "256KiB", "Size of a batch before compression.");
    add(
        "batch.linger",
        Kind.DURATION,
        "200ms",
        "How long an event waits for others; also what a kill -9 can take of events that no file keeps.");
    add("batch.compression", Kind.CHOICE, "zstd", "`zstd`, `gzip` or `none`.");
    add("limits.max-event-bytes", Kind.SIZE, "256KiB", "Larger events are dropped and counted.");
    add("process.enabled", Kind.FLAG, "on", "Processes that start and end.");
    add(
        "process.rate",
        Kind.COUNT,
        "5000",
        "Events a second; more are dropped and counted. 0: no limit.");
    add(
        "process.connector",
        Kind.FLAG,
        "on",
        "Use the kernel's process connector where permitted; otherwise /proc is compared.");
    add(
        "process.poll-interval",
        Kind.DURATION,
        "1s",
        "Between two looks at /proc without the connector.");
    add("process.exits", Kind.FLAG, "on", "Ends of processes are events.");
    add("process.max-command-line", Kind.SIZE, "32KiB", "Of a command line are kept.");
    add(
        "process.max-hash-bytes",
        Kind.SIZE,
        "64MiB",
        "Larger executables are not hashed. 0: none are.");
    add("network.enabled", Kind.FLAG, "on", "Connections and their processes.");
    add(
        "network.rate",
        Kind.COUNT,
        "500",
        "Events a second; more are dropped and counted. 0: no limit.");
    add(
        "network.sock-diag",
        Kind.FLAG,
        "on",
        "Ask the kernel over netlink, which also tells of connections that lived between two looks; otherwise /proc/net is compared.");
    add(
        "network.interval",
        Kind.DURATION,
        "1s",
        "Between two looks; with netlink, 100 ms while programs are being started, as long as looks cost no more than 1 % of a core.");
    add("file.enabled", Kind.FLAG, "on", "Files that appear, change and go.");
    add(
        "file.rate",
        Kind.COUNT,
        "200",
        "Events a second; more are dropped and counted. 0: no limit.");
    add(
        "file.watch",
        Kind.LIST,
        "/etc/*, /etc/cron*/**, /etc/systemd/system/**, /etc/ssh/**, /etc/sudoers.d/*, /etc/profile.d/*, /root/.ssh/*, /root/.*, /home/*/.ssh/*, /var/spool/cron/**",
        "Globs of the files to watch.");
    add(
        "file.ignore",
        Kind.LIST,
        "/etc/mtab, /etc/ld.so.cache, **/*.swp, **/.*_history, **/*~",
        "Globs of files to leave out; one that begins with ** counts everywhere.");
    add(
        "file.who",
        Kind.FLAG,
        "on",
        "Use fanotify where permitted, which says which process it was; otherwise inotify is used, which does not.");
    add("file.max-hash-bytes", Kind.SIZE, "32MiB", "Larger files are not hashed.");
    add("file.max-directories", Kind.COUNT, "4096", "Directories watched at most.");
    add("logs.enabled", Kind.FLAG, "on", "Text logs.");
    add("logs.rate", Kind.COUNT, "5000", "Lines a second; over it reading waits. 0: no limit.");
    add(
        "logs.files",
        Kind.LIST,
        "/var/log/auth.log, /var/log/secure, /var/log/syslog, /var/log/messages, /var/log/cron, /var/log/cron.log, /var/log/audit/audit.log",
        "Files to follow; the last part may be a glob.");
    add("logs.interval", Kind.DURATION, "500ms", "Between two looks.");
    add(
        "logs.rotation-quiet",
        Kind.DURATION,
        "2s",
        "How long a rotated file must have been quiet before the new one is read.");
    add("logs.max-line", Kind.SIZE, "32KiB", "Of a line are kept; the rest is skipped.");
    add(
        "logs.from-beginning",
        Kind.FLAG,
        "off",
        "Read what is there already when a file is seen for the first time.");
    add("journal.enabled", Kind.FLAG, "on", "journald, where there is journalctl.");
    add(
        "journal.rate",
        Kind.COUNT,
        "5000",
        "Records a second; over it reading waits. 0: no limit.");
    add("journal.journalctl", Kind.TEXT, "/usr/bin/journalctl", "The program.");
    add("windows.enabled", Kind.FLAG, "on", "Channels of the Windows event log, on Windows.");
    add("windows.rate", Kind.COUNT, "5000", "Events a second; over it reading waits. 0: no limit.");
    add(
        "windows.channels",
        Kind.LIST,
        "Security, System, Application, Microsoft-Windows-Sysmon/Operational, Microsoft-Windows-PowerShell/Operational, Microsoft-Windows-Windows Defender/Operational, Microsoft-Windows-TaskScheduler/Operational, Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
        "Channels to read; those that are not there are left out.");
    add(
        "windows.from-beginning",
        Kind.FLAG,
        "off",
        "Read what is there already when a channel is seen for the first time.");
    add("osquery.enabled", Kind.FLAG, "on", "Results of osqueryd, where its log exists.");
    add("osquery.rate", Kind.COUNT, "1000", "Lines a second; over it reading waits. 0: no limit.");
    add("osquery.log", Kind.TEXT, "/var/log/osquery/osqueryd.results.log", "Its results log.");
    add("inventory.enabled", Kind.FLAG, "on", "What the machine is, and its load.");
    add("inventory.interval", Kind.DURATION, "6h", "Between two times at which all of it is told.");
    add(
        "inventory.changes-interval",
        Kind.DURATION,
        "30s",
        "Between two looks for what was added, changed or removed.");
    add("inventory.performance-interval", Kind.DURATION, "5m", "Between two looks at the load.");
    add("inventory.ports", Kind.FLAG, "on", "Ports that something listens on.");
    add("inventory.packages", Kind.FLAG, "on", "Packages of dpkg, apk and rpm.");
    add("inventory.users", Kind.FLAG, "on", "Accounts of the machine.");
    add("inventory.sessions", Kind.FLAG, "on", "Who is logged in.");
    add(
        "update.enabled",
        Kind.FLAG,
        "on",
        "Newer versions are installed by themselves, where the launcher started the agent.");
    add(
        "update.url",
        Kind.TEXT,
        "",
        "Repository of releases, http or https, with a slash at its end. Empty: the gateway's.");
    add("update.channel", Kind.TEXT, "stable", "Whose releases are taken.");
    add("update.interval", Kind.DURATION, "1h", "Between two looks, a quarter more or less.");
    add("update.max-bytes", Kind.SIZE, "128MiB", "Larger releases are refused.");
    add(
        "update.trial",
        Kind.DURATION,
        "15m",
        "In which a new version has to become healthy; otherwise the launcher takes it back.");
    add(
        "update.healthy-after",
        Kind.DURATION,
        "10m",
        "A new version that runs so long without a connection is healthy, too. 0: only a connection counts.");
    add(
        "send.keepalive",
        Kind.DURATION,
        "30s",
        "Silence of the gateway after which it is asked for a sign of life; a third of that later the connection counts as dead.");
    add("respond.enabled", Kind.FLAG, "on", "Carry out signed commands of the gateway.");
    add("respond.kill-process", Kind.FLAG, "on", "Permit killing processes.");
    add("respond.quarantine-file", Kind.FLAG, "on", "Permit quarantining and restoring files.");
    add("respond.isolate-network", Kind.FLAG, "on", "Permit isolating the machine.");
    add("respond.collect", Kind.FLAG, "on", "Permit collecting files.");
    add("respond.osquery", Kind.FLAG, "on", "Permit osquery statements.");
    add(
        "respond.change-configuration",
        Kind.FLAG,
        "on",
        "Permit the gateway to change this file's successor.");
    add("respond.max-collect-bytes", Kind.SIZE, "256MiB", "Of one collection, uncompressed.");
    add("respond.max-collect-files", Kind.COUNT, "10000", "Of one collection.");
    add("respond.osqueryi", Kind.TEXT, "/usr/bin/osqueryi", "The program.");
    add("respond.nft", Kind.TEXT, "/usr/sbin/nft", "The program of nftables.");
  }
}
