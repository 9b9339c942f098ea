package org.commissure.deploy.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.commissure.deploy.federation.Launcher;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CohortsTest {
    @TempDir
    Path data = Path.of("");

    @Test
    void theKnownSitesAreChosenWhereTheDataHaveThem() throws IOException {
        sites("CALTECH", "NYU", "UM1", "PITT", "YALE");
        assertThat(find(List.of()).sites()).containsExactly("NYU", "UM1", "PITT", "YALE");
    }

    @Test
    void otherwiseTheFirstFourAre() throws IOException {
        sites("e", "d", "c", "b", "a");
        assertThat(find(List.of()).sites()).containsExactly("a", "b", "c", "d");
        assertThat(find(List.of()).of("a")).isDirectory();
    }

    @Test
    void aSiteThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
        sites("a", "b", "c", "d");
        assertThatThrownBy(() -> find(List.of("a", "b", "c", "x")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("site-x")
                .extracting(problem -> ((UserError) problem).remedy())
                .asString()
                .contains("a,b,c,d");
    }

    @Test
    void threeSitesAreTooFew() throws IOException {
        sites("a", "b", "c");
        assertThatThrownBy(() -> find(List.of())).isInstanceOf(UserError.class).hasMessageContaining("3 folders");
    }

    @Test
    void dataWithoutParcelCoordinatesAreExplained() throws IOException {
        sites("a", "b", "c", "d");
        Files.delete(data.resolve("atlas.tsv"));
        assertThatThrownBy(() -> find(List.of())).isInstanceOf(UserError.class).hasMessageContaining("coordinates");
    }

    private void sites(String... names) throws IOException {
        for (String name : names) {
            Files.createDirectory(data.resolve("site-" + name));
        }
        Files.writeString(data.resolve("atlas.tsv"), "index\tx\ty\tz\n1\t0\t0\t0\n");
    }

    private Cohorts find(List<String> sites) {
        return Cohorts.find(data, sites, data, Launcher.find(), System.out);
    }
}
