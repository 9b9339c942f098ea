package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.commissure.protocol.UserError;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SurvivorProposal;
import org.commissure.protocol.v1.UnmaskRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site that is asked again, or comes back from a crash. */
class SiteSumTest {
    @TempDir
    Path folder;

    private SumFixture sum;

    @BeforeEach
    void federationOfFour() throws Exception {
        sum = new SumFixture(folder, 4, 5_000);
    }

    @Test
    void theSameRequestGetsTheSameBytesAgainAlsoAfterARestart() throws Exception {
        Roster roster = sum.advertise();
        Map<Integer, Signed> shared = sum.share(roster, sum.sites.keySet());
        Map<Integer, int[]> vectors =
                Map.of(1, new int[5_000], 2, new int[5_000], 3, new int[5_000], 4, new int[5_000]);
        SurvivorProposal proposal = sum.mask(shared, vectors);
        UnmaskRequest request = sum.sum.request(sum.vote(proposal, sum.sites.keySet()));
        byte[] file = Files.readAllBytes(sum.file(1));
        Signed unmasked = sum.site(1).unmask(request);
        SiteSum before = sum.site(1);
        sum.restartAll();
        SiteSum after = sum.site(1);
        assertThat(after.save()).isEqualTo(before.save());
        assertThat(after.advertiseKeys()).isEqualTo(before.advertiseKeys());
        assertThat(after.shareKeys(roster)).isEqualTo(before.shareKeys(roster));
        after.receiveShares(sum.delivery(shared, 1));
        Files.delete(sum.file(1));
        assertThat(after.mask(PlainVector.of(new int[5_000]), sum.file(1)))
                .isEqualTo(before.maskedHeader().orElseThrow());
        assertThat(Files.readAllBytes(sum.file(1))).isEqualTo(file);
        assertThat(after.vote(proposal)).isEqualTo(before.vote(proposal));
        assertThat(after.unmask(request)).isEqualTo(unmasked).isEqualTo(before.unmask(request));
    }

    @Test
    void everyAttemptHasFreshSecrets() throws Exception {
        assertThat(sum.begin(1, sum.config).advertiseKeys())
                .isNotEqualTo(sum.begin(1, sum.config).advertiseKeys());
    }

    @Test
    void aSecondVectorInOneAttemptIsRefusedAndItsFileIsNotWritten() throws Exception {
        sum.untilProposal();
        byte[] file = Files.readAllBytes(sum.file(1));
        int[] other = new int[5_000];
        other[4_999] = 1;
        assertThatThrownBy(() -> sum.site(1).mask(PlainVector.of(other), sum.file(1)))
                .isInstanceOf(SecAggException.class)
                .hasMessage("mask of site-01: it is a second, different vector in one attempt");
        assertThat(Files.readAllBytes(sum.file(1))).isEqualTo(file);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(path -> path.toString().endsWith(".tmp"))).isEmpty();
        }
    }

    @Test
    void aVectorOfTheWrongLengthIsRefused() throws Exception {
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        sum.site(1).receiveShares(sum.delivery(shared, 1));
        assertThatThrownBy(() -> sum.site(1).mask(PlainVector.of(new int[4_999]), sum.file(1)))
                .isInstanceOf(SecAggException.class)
                .hasMessage("mask of site-01: the vector has 4999 elements, but the sum has 5000");
    }

    @Test
    void aFolderThatCannotBeWrittenIsTheUsersToRepair() throws Exception {
        Map<Integer, Signed> shared = sum.share(sum.advertise(), sum.sites.keySet());
        sum.site(1).receiveShares(sum.delivery(shared, 1));
        assertThatThrownBy(() -> sum.site(1).mask(PlainVector.of(new int[5_000]), folder.resolve("absent/masked")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cannot be written");
    }

    @Test
    void aDamagedStateAndAnotherSitesStateAreRefused() throws Exception {
        sum.advertise();
        byte[] saved = sum.site(1).save();
        assertThatThrownBy(() ->
                        SiteSum.restore(java.util.Arrays.copyOf(saved, saved.length - 9), sum.identity(1), sum.random))
                .isInstanceOf(SecAggException.class)
                .hasMessageContaining("damaged");
        assertThatThrownBy(() -> SiteSum.restore(new byte[0], sum.identity(1), sum.random))
                .isInstanceOf(SecAggException.class);
        SumFixture other = new SumFixture(folder.resolve("other"), 4, 8);
        assertThatThrownBy(() -> SiteSum.restore(saved, other.identity(1), sum.random))
                .isInstanceOf(SecAggException.class)
                .hasMessageContaining("not among the parties");
    }

    @Test
    void nothingSecretIsPrinted() throws Exception {
        sum.advertise();
        assertThat(sum.site(1)).hasToString("SiteSum[site-01]");
    }
}
