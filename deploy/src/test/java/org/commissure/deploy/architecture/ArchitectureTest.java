package org.commissure.deploy.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.commissure.deploy.federation.Launcher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The one-way arrows between the modules, as docs/architecture.md draws them. */
final class ArchitectureTest {
    private static final String GENERATED = "org.commissure.protocol.v1";

    private static JavaClasses commissure = new ClassFileImporter().importClasses();

    @BeforeAll
    static void readClasses() {
        commissure = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.commissure");
    }

    @Test
    void allModulesAreSeen() {
        for (String part : List.of("protocol", "privacy", "models", "site", "coordinator", "deploy")) {
            assertThat(commissure)
                    .as("classes of org.commissure." + part)
                    .anyMatch(one -> one.getPackageName().startsWith("org.commissure." + part));
        }
    }

    @Test
    void theProtocolDependsOnNoOtherModule() {
        onlySees("protocol");
    }

    @Test
    void theModelsDependOnNoOtherModule() {
        onlySees("models");
    }

    @Test
    void privacySeesTheProtocolOnly() {
        onlySees("privacy", "protocol");
    }

    @Test
    void aSiteSeesProtocolPrivacyAndModels() {
        onlySees("site", "protocol", "privacy", "models");
    }

    @Test
    void theCoordinatorNeverSeesAModel() {
        onlySees("coordinator", "protocol", "privacy");
    }

    @Test
    void nothingDependsOnDeploy() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.commissure.deploy..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.commissure.deploy..")
                .check(commissure);
    }

    @Test
    void theCoordinatorKnowsNoTensorLibrary() {
        noClasses()
                .that()
                .resideInAPackage("org.commissure.coordinator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..", "org.bytedeco..", "jdk.incubator.vector..")
                .check(commissure);
    }

    /** The promise as it is shipped: what is not on the class path cannot be called, by reflection either. */
    @Test
    void theCoordinatorsClassPathHoldsNoModelCode() throws IOException {
        Path lib = Launcher.find().root().resolve("coordinator/target/lib");
        try (Stream<Path> jars = Files.list(lib)) {
            assertThat(jars.map(jar -> jar.getFileName().toString()))
                    .isNotEmpty()
                    .noneMatch(name -> name.startsWith("models-")
                            || name.startsWith("site-agent-")
                            || name.contains("nd4j")
                            || name.contains("deeplearning4j")
                            || name.contains("openblas")
                            || name.contains("javacpp"));
        }
    }

    @Test
    void featuresDoNotFormCycles() {
        for (String module : List.of("privacy", "models", "site", "coordinator", "deploy")) {
            slices().matching("org.commissure." + module + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .check(commissure);
        }
    }

    @Test
    void foldersAreNamedByFeature() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..impl..", "..manager..", "..helper..")
                .check(commissure);
    }

    private static void onlySees(String part, String... others) {
        String[] allowed = Stream.concat(Stream.of(part), Stream.of(others))
                .map(name -> "org.commissure." + name + "..")
                .toArray(String[]::new);
        DescribedPredicate<JavaClass> ours =
                DescribedPredicate.describe("ours", one -> one.getPackageName().startsWith("org.commissure"));
        classes()
                .that()
                .resideInAPackage("org.commissure." + part + "..")
                .and()
                .resideOutsideOfPackage(GENERATED)
                .should()
                .onlyDependOnClassesThat(
                        DescribedPredicate.not(ours).or(JavaClass.Predicates.resideInAnyPackage(allowed)))
                .check(commissure);
    }
}
