package dev.tidewatch.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;

/** Dependencies run downward between modules, and packages are named for what they hold. */
@AnalyzeClasses(packages = "dev.tidewatch", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule modulesDependDownward =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("events")
          .definedBy("dev.tidewatch.events..", "dev.tidewatch.control.v1..")
          .layer("cep-patterns")
          .definedBy(
              "dev.tidewatch.sigma..",
              "dev.tidewatch.match..",
              "dev.tidewatch.diagnostic..",
              "dev.tidewatch.attack..",
              "dev.tidewatch.explain..",
              "dev.tidewatch.ruletest..",
              "dev.tidewatch.lint..",
              "dev.tidewatch.coverage..",
              "dev.tidewatch.remember..",
              "dev.tidewatch.correlation..",
              "dev.tidewatch.pattern..",
              "dev.tidewatch.deploy..",
              "dev.tidewatch.conformance..")
          .layer("enrichment")
          .definedBy("dev.tidewatch.enrichment..")
          .layer("ml-models")
          .definedBy("dev.tidewatch.ml..")
          .layer("store")
          .definedBy("dev.tidewatch.store..")
          .layer("jobs")
          .definedBy("dev.tidewatch.jobs..")
          .layer("agent")
          .definedBy("dev.tidewatch.agent..")
          .layer("control-api")
          .definedBy(outside("dev.tidewatch.control", "dev.tidewatch.control.v1"))
          .layer("embedded")
          .definedBy("dev.tidewatch.embedded..")
          .layer("cli")
          .definedBy("dev.tidewatch.cli..")
          .whereLayer("events")
          .mayNotAccessAnyLayer()
          .whereLayer("embedded")
          .mayNotAccessAnyLayer()
          .whereLayer("cep-patterns")
          .mayOnlyAccessLayers("events")
          .whereLayer("enrichment")
          .mayOnlyAccessLayers("events")
          .whereLayer("ml-models")
          .mayOnlyAccessLayers("events")
          .whereLayer("store")
          .mayOnlyAccessLayers("events")
          .whereLayer("agent")
          .mayOnlyAccessLayers("events")
          .whereLayer("jobs")
          .mayOnlyAccessLayers("events", "cep-patterns", "enrichment", "ml-models", "store")
          .whereLayer("control-api")
          .mayOnlyAccessLayers("events", "cep-patterns", "enrichment", "store");

  @ArchTest
  static final ArchRule ruleLanguagesKnowNoFlink =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.tidewatch.sigma..",
              "dev.tidewatch.match..",
              "dev.tidewatch.events..",
              "dev.tidewatch.store..")
          .and()
          .resideOutsideOfPackage("..flink..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..");

  @ArchTest
  static final ArchRule onlyTheCommandEndsTheProcess =
      noClasses()
          .that()
          .haveNameNotMatching(".*(ServerMain|AgentMain|\\.Tidewatch|KafkaFaults).*")
          .should()
          .callMethod(System.class, "exit", int.class);

  @ArchTest
  static final ArchRule packagesAreNamedForWhatTheyHold =
      noClasses()
          .should()
          .resideInAnyPackage(
              "..util..",
              "..utils..",
              "..common..",
              "..helper..",
              "..helpers..",
              "..manager..",
              "..dto..",
              "..impl..");

  @ArchTest
  static final ArchRule classesAreNamedForWhatTheyAre =
      classes().should(notEndWith("Util", "Utils", "Helper", "Manager", "Dto", "Impl"));

  private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> outside(
      String parent, String child) {
    return com.tngtech.archunit.base.DescribedPredicate.describe(
        parent + " without " + child,
        type ->
            type.getPackageName().startsWith(parent) && !type.getPackageName().startsWith(child));
  }

  private static ArchCondition<JavaClass> notEndWith(String... suffixes) {
    List<String> refused = Arrays.asList(suffixes);
    return new ArchCondition<>("not end with any of " + refused) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean generated = type.getPackageName().endsWith(".v1");
        if (!generated && refused.stream().anyMatch(type.getSimpleName()::endsWith)) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getName() + " says how it is built, not what it is"));
        }
      }
    };
  }
}
