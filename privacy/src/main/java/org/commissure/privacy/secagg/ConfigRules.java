package org.commissure.privacy.secagg;

import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.SumKind;

/** The numbers of a configuration, as every side demands them before any key is made. */
final class ConfigRules {
    /** X25519 with ML-KEM-768; 1 was X25519 alone. */
    private static final int HYBRID = 2;

    private static final int SHA256_BYTES = 32;
    /** The most elements that a Java array holds on every common JVM. */
    private static final long LARGEST_DIMENSION = Integer.MAX_VALUE - 8L;

    private ConfigRules() {}

    static void check(SecureSumConfig config) throws SecAggException {
        int n = config.getPartyCount();
        int t = config.getThreshold();
        int c = config.getMaxColluders();
        require(
                config.hasSum()
                        && config.getSum().getKind() != SumKind.SUM_KIND_UNSPECIFIED
                        && config.getSum().getKind() != SumKind.UNRECOGNIZED,
                "it does not say which sum it is for");
        require(n >= 3 && n <= 255, "it has " + n + " parties, but must have 3 to 255");
        for (int i = 1; i < n; i++) {
            require(
                    config.getParty(i - 1)
                                    .getSite()
                                    .compareTo(config.getParty(i).getSite())
                            < 0,
                    "its parties are not distinct and sorted by name");
        }
        require(c >= 1 && c <= n - 2, "it withstands " + c + " colluders, but must withstand 1 to n - 2");
        require(
                t >= Study.threshold(n) && t <= n,
                "its threshold is " + t + ", but must lie between " + Study.threshold(n) + " and " + n);
        // Two sets of t votes then share more than c sites, of which one is honest and votes once.
        require(2 * t > n + c, "its threshold of " + t + " of " + n + " does not withstand " + c + " colluders");
        require(
                Ring.supports(config.getRingBits()),
                "its ring has " + config.getRingBits() + " bits, but must have 16, 24, 32 or 64");
        require(
                config.getDimension() >= 1 && config.getDimension() <= LARGEST_DIMENSION,
                "its dimension is " + Long.toUnsignedString(config.getDimension()));
        require(config.getKeyExchange() == HYBRID, "its key exchange " + config.getKeyExchange() + " is unknown");
        require(
                config.getModelSha256().size() == SHA256_BYTES
                        && config.getStudySha256().size() == SHA256_BYTES,
                "it does not name the model and the study by their SHA-256");
        require(
                config.getScaleLog2() >= 0 && config.getScaleLog2() < config.getRingBits(),
                "its scale 2^" + Integer.toUnsignedString(config.getScaleLog2()) + " is beyond the ring");
        try {
            EncodingBound.check(n, config.getValueBound(), config.getScaleLog2(), config.getRingBits());
        } catch (UserError e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /** What the site's own policy demands beyond that. */
    static void check(SecureSumConfig config, SiteLimits limits) throws SecAggException {
        require(
                config.getPartyCount() >= limits.minimumSites(),
                "it has " + config.getPartyCount() + " parties, but this site's policy demands "
                        + limits.minimumSites());
        require(
                config.getThreshold() >= limits.minimumThreshold(),
                "its threshold is " + config.getThreshold() + ", but this site's policy demands "
                        + limits.minimumThreshold());
    }

    private static void require(boolean holds, String symptom) throws SecAggException {
        if (!holds) {
            throw refused(symptom);
        }
    }

    private static SecAggException refused(String symptom) {
        return new SecAggException(Steps.CONFIG, Steps.COORDINATOR, symptom);
    }
}
