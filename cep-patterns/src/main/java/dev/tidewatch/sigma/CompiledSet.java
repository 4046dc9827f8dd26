package dev.tidewatch.sigma;

import dev.tidewatch.sigma.RuleFile.Document;
import dev.tidewatch.sigma.RuleFile.Stateful;
import dev.tidewatch.sigma.SigmaCompiler.Compilation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A compilation that becomes another by looking at nothing but what changed. Of thousands of rules
 * most have to do with no other: such a file is what it is read as, unless another has its ids, a
 * filter changes it, or a correlation or pattern names it. So where a set has no filter and
 * everything in it resolves, files that no reference names come, go and move without a look at the
 * rest. All else is for {@link SigmaCompiler}; {@code TenantCompilerTest} holds one against the
 * other. Not thread-safe.
 */
final class CompiledSet {
  /** Changes from which on all is compiled together. */
  private static final int MOST_CHANGES = 64;

  private List<RuleSource> sources;
  private List<RuleFile> files;
  private Compilation compilation;
  private final Set<String> ids;
  private final Set<String> references;

  private CompiledSet(
      List<RuleSource> sources,
      List<RuleFile> files,
      Compilation compilation,
      Set<String> ids,
      Set<String> references) {
    this.sources = sources;
    this.files = files;
    this.compilation = compilation;
    this.ids = ids;
    this.references = references;
  }

  /**
   * @param asRead the files of {@code sources} before they were compiled together
   * @param compiled the same behind that
   * @return empty where what changes may change something else
   */
  static Optional<CompiledSet> of(
      List<RuleSource> sources,
      List<RuleFile> asRead,
      List<RuleFile> compiled,
      Compilation compilation) {
    for (int i = 0; i < sources.size(); i++) {
      boolean another = asRead.get(i).refusals().size() != compiled.get(i).refusals().size();
      if (another || !asRead.get(i).filters().isEmpty()) {
        return Optional.empty();
      }
    }
    Set<String> ids = new HashSet<>();
    if (!compiled.stream().flatMap(CompiledSet::ids).allMatch(ids::add)) {
      return Optional.empty();
    }
    Set<String> references = new HashSet<>();
    for (RuleFile file : compiled) {
      for (Stateful document : file.stateful()) {
        document.document().references().forEach(name -> references.add(name.text()));
      }
    }
    return Optional.of(new CompiledSet(sources, compiled, compilation, ids, references));
  }

  Compilation compilation() {
    return compilation;
  }

  /** What lies between two lists of sources: places in the old one and in the new one. */
  private record Changes(RuleFile[] now, List<Integer> gone, List<Integer> came) {
    boolean areMany() {
      return gone.size() + came.size() > MOST_CHANGES;
    }
  }

  /**
   * Becomes the set of {@code wanted}.
   *
   * @param parsed reads what is new, and forgets what is not there any more
   * @param differs whether a file is not the same for all tenants
   * @return whether it could; if not, this is of no more use: they must be compiled together
   */
  boolean become(
      List<RuleSource> wanted,
      ParsedRules parsed,
      CompilerOptions options,
      Predicate<RuleSource> differs) {
    Changes changes = changes(wanted);
    if (changes.areMany()) {
      return false;
    }
    List<RuleFile> moved = moved(changes, wanted);
    List<RuleFile> gone = changes.gone().stream().map(files::get).toList();
    List<RuleSource> came = changes.came().stream().map(wanted::get).toList();
    if (came.stream().anyMatch(differs)) {
      return false;
    }
    List<RuleFile> read = parsed.readMore(came, options);
    boolean apart =
        Stream.of(moved, gone, read).flatMap(List::stream).allMatch(this::isApart)
            && replaceIds(gone, read);
    if (!apart) {
      return false;
    }
    parsed.forget(changes.gone().stream().map(sources::get).toList(), options);
    for (int i = 0; i < read.size(); i++) {
      changes.now()[changes.came().get(i)] = read.get(i);
    }
    sources = wanted;
    files = Arrays.asList(changes.now());
    compilation = SigmaCompiler.collect(files, compilation.stateful());
    return true;
  }

  /** Walks along both lists; one that was replaced, left out or put in does not lead astray. */
  private Changes changes(List<RuleSource> wanted) {
    Changes changes =
        new Changes(new RuleFile[wanted.size()], new ArrayList<>(), new ArrayList<>());
    int old = 0;
    int now = 0;
    while ((old < sources.size() || now < wanted.size()) && !changes.areMany()) {
      if (isSame(old, wanted, now)) {
        changes.now()[now++] = files.get(old++);
      } else if (isSame(old + 1, wanted, now) || now == wanted.size()) {
        changes.gone().add(old++);
      } else if (isSame(old, wanted, now + 1) || old == sources.size()) {
        changes.came().add(now++);
      } else {
        changes.gone().add(old++);
        changes.came().add(now++);
      }
    }
    return changes;
  }

  private boolean isSame(int old, List<RuleSource> wanted, int now) {
    return old < sources.size() && now < wanted.size() && sources.get(old).equals(wanted.get(now));
  }

  /** Takes out of the changes what has gone from one place and come to another. */
  private List<RuleFile> moved(Changes changes, List<RuleSource> wanted) {
    List<RuleFile> moved = new ArrayList<>();
    changes
        .came()
        .removeIf(
            now -> {
              Optional<Integer> from =
                  changes.gone().stream().filter(old -> isSame(old, wanted, now)).findFirst();
              from.ifPresent(
                  old -> {
                    changes.gone().remove(old);
                    changes.now()[now] = files.get(old);
                    moved.add(files.get(old));
                  });
              return from.isPresent();
            });
    return moved;
  }

  private boolean replaceIds(List<RuleFile> gone, List<RuleFile> came) {
    gone.stream().flatMap(CompiledSet::ids).forEach(ids::remove);
    return came.stream().flatMap(CompiledSet::ids).allMatch(ids::add);
  }

  /** Whether a file is nothing to any other but by its ids. */
  private boolean isApart(RuleFile file) {
    return file.refusals().isEmpty()
        && file.stateful().isEmpty()
        && file.filters().isEmpty()
        && file.rules().stream()
            .noneMatch(r -> references.contains(r.id()) || references.contains(r.name()));
  }

  private static Stream<String> ids(RuleFile file) {
    return Stream.concat(
        file.documents().stream().map(Document::id), file.inline().stream().map(SigmaRule::id));
  }
}
