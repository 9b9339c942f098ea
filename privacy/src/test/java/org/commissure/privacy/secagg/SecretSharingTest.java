package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SecretSharingTest {
    private final SecureRandom random = new SecureRandom();

    @Test
    void everyNonZeroElementHasItsInverse() {
        for (int a = 1; a < 256; a++) {
            assertThat(SecretSharing.multiply(a, SecretSharing.inverse(a))).isEqualTo(1);
        }
        assertThat(SecretSharing.multiply(0x57, 0x83)).isEqualTo(0xc1); // FIPS 197, section 4.2
    }

    @Test
    void anyThresholdOfSharesGivesTheSecretBackAndFewerDoNot() {
        byte[] secret = random.generateSeed(32);
        SortedMap<Integer, byte[]> shares = SecretSharing.split(secret, 3, List.of(1, 2, 4, 7, 255), random);
        for (int left : List.of(1, 2, 4, 7)) {
            SortedMap<Integer, byte[]> three = new TreeMap<>(shares);
            three.remove(left);
            three.remove(255);
            assertThat(SecretSharing.combine(three, 3)).isEqualTo(secret);
        }
        assertThat(SecretSharing.combine(new TreeMap<>(shares.headMap(4)), 2)).isNotEqualTo(secret);
    }

    @Test
    void sharesThatCannotBeAreRefused() {
        byte[] y = new byte[32];
        assertRefused(Map.of(0, y, 1, y));
        assertRefused(Map.of(1, y, 256, y));
        assertRefused(Map.of(1, y, 2, new byte[31]));
        assertRefused(Map.of(1, y));
        assertThatThrownBy(() -> SecretSharing.split(y, 2, List.of(0, 1), random))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertRefused(Map<Integer, byte[]> shares) {
        assertThatThrownBy(() -> SecretSharing.combine(new TreeMap<>(shares), 2))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
