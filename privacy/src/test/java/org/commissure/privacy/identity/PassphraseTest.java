package org.commissure.privacy.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassphraseTest {
    @TempDir
    private Path folder;

    private TlsIdentity identity() {
        return FederationAuthority.create(folder.resolve("a"), "net", Clock.systemUTC())
                .issueTls(Role.SITE, "NYU", List.of());
    }

    @Test
    void aGivenPassphraseLocksTheKeysAndIsWrittenNowhere() throws Exception {
        TlsIdentity identity = identity();
        Path keys = folder.resolve("keys");
        Path secret = Files.writeString(folder.resolve("secret"), "correct horse\nsecond line\n");
        new IdentityStore(keys, Passphrase.inFile(secret)).saveTls(identity);
        assertThat(keys.resolve("password")).doesNotExist();

        assertThat(new IdentityStore(keys, Passphrase.of(Map.of("COMMISSURE_PASSPHRASE", "correct horse"))).loadTls())
                .isEqualTo(identity);
        assertThat(new IdentityStore(keys, Passphrase.of(Map.of("COMMISSURE_PASSPHRASE_FILE", secret.toString())))
                        .loadTls())
                .isEqualTo(identity);
        assertThatThrownBy(() ->
                        new IdentityStore(keys, Passphrase.of(Map.of("COMMISSURE_PASSPHRASE", "wrong"))).loadTls())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("tls.p12 cannot be opened")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void lockedKeysWithoutAPassphraseNameTheVariables() throws Exception {
        Path keys = folder.resolve("keys");
        new IdentityStore(keys, Passphrase.of(Map.of("COMMISSURE_PASSPHRASE", "x"))).saveTls(identity());
        assertThatThrownBy(() -> new IdentityStore(keys, Passphrase.of(Map.of())).loadTls())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("locked with a passphrase")
                .satisfies(e -> assertThat(((UserError) e).remedy()).contains("COMMISSURE_PASSPHRASE_FILE"));
        // And no second key is written under another, random one.
        assertThatThrownBy(() -> new IdentityStore(keys, Passphrase.of(Map.of())).saveTls(identity2()))
                .isInstanceOf(UserError.class);
        assertThat(keys.resolve("password")).doesNotExist();
    }

    private TlsIdentity identity2() {
        return FederationAuthority.open(folder.resolve("a"), Clock.systemUTC()).issueTls(Role.SITE, "NYU", List.of());
    }

    @Test
    void anEmptyPassphraseFileIsRefused() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        assertThatThrownBy(() -> new IdentityStore(folder.resolve("k"), Passphrase.inFile(empty)).saveTls(identity()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("holds no passphrase");
    }
}
