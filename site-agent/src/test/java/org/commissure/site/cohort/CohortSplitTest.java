package org.commissure.site.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.commissure.protocol.UserError;
import org.junit.jupiter.api.Test;

class CohortSplitTest {
    private static final byte[] SALT = "sixteen bytes!!!".getBytes(StandardCharsets.US_ASCII);

    @Test
    void everyPatientIsOnExactlyOneSide() {
        SealedSplit split = CohortSplit.seal(admission(patients(500)), 0.2, SALT);
        assertThat(Stream.concat(split.internal().stream(), split.external().stream()))
                .containsExactlyInAnyOrderElementsOf(patients(500));
        assertThat(split.external().size() / 500.0).isCloseTo(0.2, within(0.05));
    }

    @Test
    void theOrderOfReadingIsNoMatter() {
        List<Subject> shuffled = new ArrayList<>(patients(50));
        Collections.reverse(shuffled);
        SealedSplit one = CohortSplit.seal(admission(patients(50)), 0.2, SALT);
        SealedSplit other = CohortSplit.seal(admission(shuffled), 0.2, SALT);
        assertThat(other.external()).isEqualTo(one.external());
        assertThat(other.internalSha256()).isEqualTo(one.internalSha256());
        assertThat(other.externalSha256()).isEqualTo(one.externalSha256());
    }

    @Test
    void aPatientWhoWithdrawsMovesNobodyAcrossTheLine() {
        List<Subject> all = patients(50);
        SealedSplit before = CohortSplit.seal(admission(all), 0.3, SALT);
        for (int gone = 0; gone < 50; gone++) {
            List<Subject> rest = new ArrayList<>(all);
            Subject left = rest.remove(gone);
            List<Subject> expected = new ArrayList<>(before.external());
            expected.remove(left);
            assertThat(CohortSplit.seal(admission(rest), 0.3, SALT).external()).isEqualTo(expected);
        }
    }

    @Test
    void theHashesCommitToPatientsSeriesAndSalt() {
        SealedSplit sealed = CohortSplit.seal(admission(patients(50)), 0.2, SALT);
        byte[] otherSalt = SALT.clone();
        otherSalt[0]++;
        assertThat(CohortSplit.seal(admission(patients(50)), 0.2, otherSalt).externalSha256())
                .isNotEqualTo(sealed.externalSha256());
        Subject first = sealed.external().getFirst();
        List<Subject> swapped = patients(50).stream()
                .map(subject -> subject.equals(first) ? subject(first.participantId(), "ff") : subject)
                .toList();
        SealedSplit changed = CohortSplit.seal(admission(swapped), 0.2, SALT);
        assertThat(changed.externalSha256()).isNotEqualTo(sealed.externalSha256());
        assertThat(changed.internalSha256()).isEqualTo(sealed.internalSha256());
        assertThat(sealed.externalSha256()).hasSize(32).isNotEqualTo(sealed.internalSha256());
    }

    @Test
    void twoPatientsLeaveNoSideEmpty() {
        for (double fraction : new double[] {0.001, 0.999}) {
            SealedSplit split = CohortSplit.seal(admission(patients(2)), fraction, SALT);
            assertThat(split.internal()).hasSize(1);
            assertThat(split.external()).hasSize(1);
        }
    }

    @Test
    void onePatientCannotBeDivided() {
        assertThatThrownBy(() -> CohortSplit.seal(admission(patients(1)), 0.2, SALT))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("it takes two");
    }

    private static List<Subject> patients(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> subject("sub-" + number, "digest" + number))
                .toList();
    }

    private static Subject subject(String id, String digest) {
        return new Subject(id, Path.of(id), 10, 20, 2, digest);
    }

    private static Admission admission(List<Subject> subjects) {
        return new Admission(Path.of("."), new CohortRules(10, 20), new SeriesVariant("", ""), subjects, List.of());
    }
}
