package dev.tidewatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class GatheredTest {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  private Map<Integer, String> lookUp(String tenant, Collection<Integer> keys) {
    asked.add(tenant + keys.stream().sorted().toList());
    Map<Integer, String> found = new TreeMap<>();
    keys.stream().filter(key -> key > 0).forEach(key -> found.put(key, tenant + key));
    return found;
  }

  /** The first lookup waits until it is let go. */
  private Map<Integer, String> held(String tenant, Collection<Integer> keys) {
    if (begun.getCount() > 0) {
      begun.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (keys.contains(0)) {
        throw new StoreUnavailableException("away", StoreException.NO_CODE, null);
      }
    }
    return lookUp(tenant, keys);
  }

  @Test
  void aloneIsAskedAtOnce() {
    Gathered<Integer, String> gathered = new Gathered<>(this::lookUp, 10);
    assertThat(gathered.of("a", List.of(1, -1))).containsExactly(Map.entry(1, "a1"));
    assertThat(gathered.of("b", List.of(2))).containsExactly(Map.entry(2, "b2"));
    assertThat(asked).containsExactly("a[-1, 1]", "b[2]");
  }

  @Test
  void thoseThatWaitAreAskedTogetherWithinTheirTenant() throws Exception {
    Gathered<Integer, String> gathered = new Gathered<>(this::held, 3);
    CompletableFuture<Map<Integer, String>> first = ask(gathered, "a", 9);
    begun.await();
    List<CompletableFuture<Map<Integer, String>>> others = new ArrayList<>();
    for (int n = 1; n <= 4; n++) {
      others.add(ask(gathered, "a", n));
      await(gathered, n);
    }
    others.add(ask(gathered, "b", 1));
    await(gathered, 5);
    go.countDown();
    assertThat(first.get()).containsEntry(9, "a9");
    for (int n = 1; n <= 4; n++) {
      assertThat(others.get(n - 1).get()).containsEntry(n, "a" + n);
    }
    assertThat(others.get(4).get()).containsExactly(Map.entry(1, "b1"));
    assertThat(asked).containsExactlyInAnyOrder("a[9]", "a[1, 2, 3]", "a[4]", "b[1]");
  }

  @Test
  void whoWaitsForAStoreThatIsAwayIsToldToo() throws Exception {
    Gathered<Integer, String> gathered = new Gathered<>(this::held, 3);
    CompletableFuture<Map<Integer, String>> first = ask(gathered, "a", 0);
    begun.await();
    CompletableFuture<Map<Integer, String>> second = ask(gathered, "b", 1);
    await(gathered, 1);
    go.countDown();
    for (CompletableFuture<Map<Integer, String>> caller : List.of(first, second)) {
      assertThatThrownBy(caller::get).hasCauseInstanceOf(StoreUnavailableException.class);
    }
    assertThat(gathered.of("a", List.of(5))).containsEntry(5, "a5");
  }

  private static CompletableFuture<Map<Integer, String>> ask(
      Gathered<Integer, String> gathered, String tenant, int key) {
    return CompletableFuture.supplyAsync(
        () -> gathered.of(tenant, List.of(key)), task -> new Thread(task).start());
  }

  private static void await(Gathered<Integer, String> gathered, int waiting) {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> gathered.waiting() == waiting);
  }
}
