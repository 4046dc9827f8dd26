package dev.tidewatch.control.gateway.agent;

import dev.tidewatch.control.gateway.command.CommandLedger;
import dev.tidewatch.control.gateway.command.EvidenceFiles;
import dev.tidewatch.control.gateway.enrollment.Enrollments;
import dev.tidewatch.control.gateway.ingest.GatewayLimits;
import dev.tidewatch.control.gateway.ingest.InFlight;
import dev.tidewatch.control.gateway.ingest.Ingest;
import dev.tidewatch.control.gateway.ingest.IngestMetrics;
import dev.tidewatch.control.gateway.ingest.Quotas;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all streams share.
 *
 * @param workers open blocks and send their events: never the network's threads
 * @param scheduler grants credit that a quota holds back
 * @param refuseClones whether other hardware than at enrolment is refused, not only flagged
 */
public record StreamServices(
    Ingest ingest,
    InFlight inFlight,
    Quotas quotas,
    IngestMetrics metrics,
    GatewayLimits limits,
    StreamTimeouts timeouts,
    Enrollments enrollments,
    CommandLedger commands,
    EvidenceFiles evidence,
    Configurations configurations,
    AgentReports reports,
    Executor workers,
    ScheduledExecutorService scheduler,
    Clock clock,
    boolean refuseClones) {}
