package org.commissure.privacy.secagg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.commissure.protocol.v1.Roster;
import org.commissure.protocol.v1.ShareDelivery;
import org.commissure.protocol.v1.Signed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole sum of two hundred sites in one process. */
class LargeRosterTest {
    private static final int SITES = 200;
    /** What a site accepts as one message. */
    private static final int MESSAGE_LIMIT_BYTES = 16 << 20;

    @TempDir
    Path folder;

    @Test
    void twoHundredSitesOfWhichTwoDropOutAreSummedExactly() throws Exception {
        SumFixture sum = new SumFixture(folder, SITES, 8);
        Roster roster = sum.advertise();
        Map<Integer, Signed> shared = sum.share(roster, sum.sites.keySet());
        ShareDelivery delivery = sum.delivery(shared, 1);
        assertThat(roster.getSerializedSize()).isLessThan(MESSAGE_LIMIT_BYTES / 8);
        assertThat(delivery.getSerializedSize()).isLessThan(MESSAGE_LIMIT_BYTES / 8);

        Map<Integer, int[]> vectors = new TreeMap<>();
        for (int index = 1; index <= SITES; index++) {
            vectors.put(index, new int[] {index, -index, 1, 0, 0, 0, 0, 7});
        }
        vectors.remove(17);
        vectors.remove(SITES);
        int indices = SITES * (SITES + 1) / 2 - 17 - SITES;
        assertThat(sum.open(sum.mask(shared, vectors)))
                .containsExactly(indices, -indices, SITES - 2, 0, 0, 0, 0, 7 * (SITES - 2));
    }
}
