package org.commissure.models.meanfield.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MatrixFileTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"m.csv", "m.tsv", "m.npy"})
    void whatIsWrittenIsReadToTheLastBit(String name) throws IOException {
        double[][] matrix = {{0.1, -2e-300, 3}, {1 / 3.0, Double.MAX_VALUE, -0.0}};
        MatrixFile.write(folder.resolve(name), matrix);
        assertThat(MatrixFile.read(folder.resolve(name))).isDeepEqualTo(matrix);
    }

    @Test
    void numbersMayBeSeparatedBySpaces() throws IOException {
        Path file = Files.writeString(folder.resolve("m.txt"), " 1  2\n3 4\n\n");
        assertThat(MatrixFile.read(file)).isDeepEqualTo(new double[][] {{1, 2}, {3, 4}});
    }

    @Test
    void aColumnAndARowAreVectors() throws IOException {
        assertThat(MatrixFile.readVector(Files.writeString(folder.resolve("row.csv"), "1,2,3")))
                .containsExactly(1, 2, 3);
        assertThat(MatrixFile.readVector(Files.writeString(folder.resolve("column.csv"), "1\n2\n3\n")))
                .containsExactly(1, 2, 3);
        Path square = Files.writeString(folder.resolve("square.csv"), "1,2\n3,4\n");
        assertThatThrownBy(() -> MatrixFile.readVector(square)).hasMessageContaining("2 rows of 2");
    }

    @Test
    void whatIsNoMatrixIsRefusedWithItsPlace() throws IOException {
        refused("ragged.csv", "1,2\n3\n", "line 2 has 1 numbers, the first has 2");
        refused("header.csv", "a,b\n1,2\n", "line 1, column 1 is no number");
        refused("gap.csv", "1,2\n3,\n", "line 2, column 2 is no number");
        refused("empty.csv", "\n", "it is empty");
        refused("matrix.mat", "1", "known format");
        refused("short.npy", "NUMPY", "truncated");
        assertThatThrownBy(() -> MatrixFile.read(folder.resolve("absent.csv")))
                .isInstanceOf(RegionalFileException.class)
                .hasMessageContaining("absent.csv: there is no such file");
    }

    private void refused(String name, String content, String why) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        assertThatThrownBy(() -> MatrixFile.read(file))
                .isInstanceOf(RegionalFileException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(why);
    }
}
