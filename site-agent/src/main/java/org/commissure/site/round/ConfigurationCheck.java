package org.commissure.site.round;

import com.google.protobuf.ByteString;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.commissure.privacy.dp.DistributedNoise;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.protocol.study.RequiredSites;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudySums;
import org.commissure.protocol.v1.Party;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.SumKind;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.compute.UpdateEncoding;

/** Whether the configuration of a sum asks for exactly what the site accepted in the invitation. */
final class ConfigurationCheck {
    private static final String STEP = "secure sum configuration";
    private static final String COORDINATOR = "coordinator";

    private ConfigurationCheck() {}

    static void check(SecureSumConfig config, SumInProgress sum, String federation) throws SecAggException {
        Study study = sum.study();
        require(config.getFederationId().equals(federation), "it is for another federation");
        require(config.getSum().equals(sum.id()), "it is for another sum");
        require(config.getModelSha256().equals(sum.asked().getModelSha256()), "it is about another model");
        require(
                config.getStudySha256()
                        .equals(ByteString.copyFrom(sum.studyFile().sha256())),
                "it is about another study");
        require(
                config.getPartyCount() >= study.quorum().minimumSites(),
                "it has " + config.getPartyCount() + " parties, fewer than the study's quorum of "
                        + study.quorum().minimumSites());
        require(
                config.getMaxColluders() >= study.quorum().maximumColluders(),
                "it withstands fewer colluders than the study promises");
        Set<String> parties = config.getPartyList().stream().map(Party::getSite).collect(Collectors.toSet());
        require(
                study.quorum()
                        .requiredIn(sum.id().getKind())
                        .filter(RequiredSites::indispensable)
                        .map(RequiredSites::sites)
                        .filter(sites -> !parties.containsAll(sites))
                        .isEmpty(),
                "a site that quorum.required.sites names is no party");
        require(
                config.getSumCheck() == study.secureAggregation().checksSum(),
                "whether the sum is checked is not as the study says");
        boolean ofParts = study.published().isEmpty() && sum.id().getKind() == SumKind.TRAIN;
        require(
                config.getSharedSha256()
                        .equals(ofParts ? ModelShape.shared(study).sha256() : ByteString.EMPTY),
                "the tensors that it sums are not those that the study shares");
        require(
                config.getControlSha256().equals(sum.asked().getControlSha256()),
                "its control variate is not the invitation's");
        OptionalInt length =
                StudySums.exactLength(study, sum.id().getKind(), sum.id().getRound());
        if (length.isPresent()) {
            require(
                    config.getDimension() == ExactSums.dimension(length.getAsInt()),
                    "its dimension does not fit what the study sums");
        } else if (study.privacy().mode() == Study.PrivacyMode.DISTRIBUTED) {
            checkDistributed(config, sum, study);
        } else {
            require(
                    config.getDimension()
                            == UpdateEncoding.dimension(
                                    study, ModelShape.shared(study).length()),
                    "its dimension does not fit the model");
            require(
                    config.getRingBits() == study.secureAggregation().ringBits(),
                    "its ring has " + config.getRingBits() + " bits, the study's "
                            + study.secureAggregation().ringBits());
            require(
                    config.getScaleLog2() == study.secureAggregation().scaleLog2()
                            && config.getValueBound() == UpdateEncoding.valueBound(study),
                    "its fixed-point scale or value bound is not the study's");
        }
    }

    private static void checkDistributed(SecureSumConfig config, SumInProgress sum, Study study)
            throws SecAggException {
        DistributedNoise noise;
        try {
            noise = PrivacyCharge.noise(config, sum);
        } catch (IllegalArgumentException e) {
            throw new SecAggException(STEP, COORDINATOR, String.valueOf(e.getMessage()));
        }
        require(config.getDimension() == noise.dimension(), "its dimension does not fit model and count");
        require(
                config.getRingBits() == study.secureAggregation().ringBits(),
                "its ring has " + config.getRingBits() + " bits, the study's "
                        + study.secureAggregation().ringBits());
        require(
                config.getScaleLog2() == 0 && config.getValueBound() == noise.valueBound(),
                "its value bound is not that of the study's noise");
        require(config.getClipNorm() == sum.asked().getClipNorm(), "its clip norm is not the invitation's");
    }

    private static void require(boolean holds, String symptom) throws SecAggException {
        if (!holds) {
            throw new SecAggException(STEP, COORDINATOR, "the configuration differs from the invitation: " + symptom);
        }
    }
}
