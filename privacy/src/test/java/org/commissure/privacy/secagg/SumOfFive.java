package org.commissure.privacy.secagg;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A sum of five sites that nothing has happened to yet. */
abstract class SumOfFive {
    @TempDir
    Path folder;

    SumFixture sum;

    @BeforeEach
    void federationOfFive() throws Exception {
        sum = new SumFixture(folder, 5, 8);
    }
}
