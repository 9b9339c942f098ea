package org.commissure.privacy.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
    @TempDir
    private Path folder;

    @Test
    void aFileIsReplacedAsAWholeAndNoTemporaryStays() throws Exception {
        Path file = folder.resolve("a/b/file");
        DurableFile.write(file, new byte[] {1, 2, 3});
        DurableFile.write(file, new byte[] {4});
        assertThat(Files.readAllBytes(file)).containsExactly(4);
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aSecretIsItsOwnersOnly() throws Exception {
        Path file = folder.resolve("key");
        DurableFile.writeSecret(file, new byte[] {1});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aWriteThatFailsLeavesTheOldAndNoTemporary() throws Exception {
        Path obstacle = folder.resolve("file");
        Files.createDirectories(obstacle.resolve("inside"));
        assertThatThrownBy(() -> DurableFile.write(obstacle, new byte[] {1})).isInstanceOf(IOException.class);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(obstacle);
        }
    }
}
