package dev.tidewatch.embedded;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Kafka from ending the JVM. Kafka calls {@code Exit.exit} or {@code Exit.halt} on fatal
 * faults; here that ends only the calling thread and is noted for every broker of this JVM (Kafka
 * does not say which one it was).
 */
final class KafkaFaults {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaFaults.class);
  private static final Set<Watch> WATCHES = ConcurrentHashMap.newKeySet();

  static {
    Exit.setExitProcedure(KafkaFaults::refuse);
    Exit.setHaltProcedure(KafkaFaults::refuse);
  }

  /** What happened while one broker ran. */
  static final class Watch implements AutoCloseable {
    private final AtomicReference<String> first = new AtomicReference<>();

    /** The first fault since the watch began. */
    Optional<String> first() {
      return Optional.ofNullable(first.get());
    }

    @Override
    public void close() {
      WATCHES.remove(this);
    }
  }

  /** Ends the Kafka thread that wanted to end the process. */
  static final class ProcessExitRefused extends Error {
    private static final long serialVersionUID = 1L;

    ProcessExitRefused(String message) {
      super(message);
    }
  }

  static Watch watch() {
    Watch watch = new Watch();
    WATCHES.add(watch);
    return watch;
  }

  private static void refuse(int status, @Nullable String message) {
    String reason = message == null ? "a fatal fault, see the log before this" : message;
    String fault = "Kafka wanted to end the process with status " + status + ": " + reason;
    LOG.error(fault);
    WATCHES.forEach(watch -> watch.first.compareAndSet(null, fault));
    throw new ProcessExitRefused(fault);
  }

  private KafkaFaults() {}
}
