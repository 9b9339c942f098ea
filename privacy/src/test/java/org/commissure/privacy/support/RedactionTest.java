package org.commissure.privacy.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    private static final Redaction PATTERNS = Redaction.of(List.of(), Map.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "password=canary1 and more | canary1",
                "\"passphrase\": \"canary two words\" | canary two",
                "db.password: canary3 | canary3",
                "Authorization: Bearer canary4canary4 | canary4",
                "https://user:canary5@proxy.example.org:3128/ | canary5",
                "session eyJhbGciOi.eyJzdWIiOi.canary6 ended | canary6",
                "mail to canary7@hospital.example.org | canary7",
                "patient sub-canary8 is short | canary8",
                "key 00112233445566778899aabbccddeeff | 00112233",
                "seed QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo0NTY= used | QUJDREVG",
                "COMMISSURE_TOKEN=canary11 | canary11"
            })
    void whatLooksLikeASecretIsTakenOut(String text, String secret) {
        assertThat(PATTERNS.apply(text)).doesNotContain(secret);
    }

    @Test
    void aKeyInPemIsTakenOutToItsEndOrToTheTextsEnd() {
        String pem = "before\n-----BEGIN PRIVATE KEY-----\nMIIcanary\nabc\n";
        assertThat(PATTERNS.apply(pem)).doesNotContain("canary").startsWith("before");
        assertThat(PATTERNS.apply(pem + "-----END PRIVATE KEY-----\nafter"))
                .doesNotContain("canary")
                .endsWith("after");
    }

    @Test
    void knownWordsAreTakenOutWhereverTheyStandTheLongestFirst() {
        Redaction redaction = Redaction.of(
                List.of("P0001", "P00012", "/data/epilepsy", "ab"), Map.of("DATABASE_PASSWORD", "hunter2"));
        assertThat(redaction.apply("P00012 in /data/epilepsy/x by hunter2, ab"))
                .isEqualTo("[removed] in [removed]/x by [removed], ab");
    }

    @Test
    void whatAnEngineerNeedsStays() {
        String line =
                "12:00:01 WARN  site NYU is silent in round 3: no connection to fed.example.org:8443; trying again";
        assertThat(PATTERNS.apply(line)).isEqualTo(line);
        String stack = "  at org.commissure.coordinator.federation.Coordinator.open(Coordinator.java:12)";
        assertThat(PATTERNS.apply(stack)).isEqualTo(stack);
    }
}
