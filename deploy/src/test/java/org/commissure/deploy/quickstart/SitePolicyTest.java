package org.commissure.deploy.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.deploy.federation.StudyTemplate;
import org.commissure.protocol.study.StudyFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SitePolicyTest {
    @Test
    void theBudgetCoversTheWholeStudyInEveryMode(@TempDir Path folder) throws Exception {
        StudyTemplate template = StudyTemplate.resource(Quickstart.class, "study.toml");
        assertThat(budget(template))
                .isEqualTo(10); // six rounds of ten steps cost 8.97, with the number of patients 9.06
        StudyTemplate distributed =
                template.with("mode", "\"distributed\"\npatients_per_site = 60").with("local_steps", "1");
        assertThat(budget(distributed)).isBetween(1, 8);
        SitePolicy.write(folder.resolve("policy.toml"), 9);
        assertThat(Files.readString(folder.resolve("policy.toml"))).contains("epsilon_budget = 9.0");
    }

    @Test
    void aStudyWithoutNoiseHasNothingToSpend() {
        StudyTemplate open = StudyTemplate.resource(Quickstart.class, "study.toml")
                .with("mode", "\"none\"")
                .with("noise_multiplier", "0.0");
        assertThat(budget(open)).isEqualTo(1);
    }

    private static int budget(StudyTemplate template) {
        String coordinates = "coordinates_millimetres = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]\n";
        return SitePolicy.epsilonBudget(
                StudyFile.parse(template.text().replace("${rounds}", "6").replace("${parcels}", "2") + coordinates)
                        .study());
    }
}
