package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvitationTest {
    @TempDir
    private Path folder;

    private final String token = EnrolmentToken.encode(EnrolmentToken.generate());
    private final Invitation invitation =
            new Invitation("net", "NYU", "localhost", 8443, "ab".repeat(32), token, 1_800_000_000_000L);

    @Test
    void aWrittenInvitationIsReadBackAndReadableByItsOwnerOnly() throws Exception {
        Path file = folder.resolve("nyu.invitation");
        invitation.write(file);
        assertThat(Invitation.read(file)).isEqualTo(invitation);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aBadFileIsNamedAndTheTokenIsNotRepeated() throws Exception {
        Path file = folder.resolve("nyu.invitation");
        invitation.write(file);
        String good = Files.readString(file);
        for (String bad : List.of(
                "",
                "{}",
                "[]",
                "hello " + token,
                good.substring(0, good.length() - 5),
                good + "{}",
                good.replace("8443", "\"" + token + "\""),
                good.replace("8443", "99999"),
                good.replace("\"port\"", "\"harbour\""),
                good.replace("abab", "ABAB"),
                good.replace(token, token.substring(1)))) {
            Files.writeString(file, bad);
            assertThatThrownBy(() -> Invitation.read(file))
                    .as(bad)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageNotContaining(token.substring(1))
                    .extracting(e -> ((UserError) e).remedy())
                    .asString()
                    .isNotBlank();
        }
        assertThatThrownBy(() -> Invitation.read(folder.resolve("none")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void anInvitationDoesNotPrintItsToken() {
        assertThat(invitation.toString()).contains("NYU").doesNotContain(token);
    }
}
