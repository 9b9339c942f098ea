package org.commissure.protocol.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
    @TempDir
    private Path folder;

    private Path file(byte... bytes) throws IOException {
        return Files.write(folder.resolve("secret.txt"), bytes);
    }

    @Test
    void theFirstLineCountsWhateverEndsIt() throws IOException {
        for (String end : new String[] {"", "\n", "\r\n", " \nsecond line\n"}) {
            assertThat(SecretFile.firstLine(file(("four random wörds" + end).getBytes("UTF-8")), "password"))
                    .isEqualTo("four random wörds".toCharArray());
        }
    }

    @Test
    void anEmptyFirstLineIsRefused() throws IOException {
        for (String text : new String[] {"", "\nsecond line", "  \n"}) {
            Path file = file(text.getBytes("UTF-8"));
            assertThatThrownBy(() -> SecretFile.firstLine(file, "password"))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(file + " holds no password");
        }
    }

    @Test
    void aFileThatIsNoTextIsRefusedWithoutRepeatingIt() throws IOException {
        Path file = file((byte) 's', (byte) 0xff, (byte) 0xfe);
        assertThatThrownBy(() -> SecretFile.firstLine(file, "password"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("secret.txt is no UTF-8 text")
                .hasNoCause();
    }

    @Test
    void aMissingFileIsRefusedByName() {
        assertThatThrownBy(() -> SecretFile.firstLine(folder.resolve("none"), "client secret"))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("none cannot be read", "client secret");
    }
}
