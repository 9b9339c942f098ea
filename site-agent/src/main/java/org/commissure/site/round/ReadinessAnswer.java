package org.commissure.site.round;

import java.util.Optional;
import org.commissure.privacy.dp.Charge;
import org.commissure.privacy.dp.StudyCost;
import org.commissure.privacy.identity.SignedMessages;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyException;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.v1.ReadinessReply;
import org.commissure.protocol.v1.ReadinessRequest;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SiteFrame;
import org.commissure.site.compute.ModelShape;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a whole study, each of its rounds once, fits what this site has left. The coordinator hears yes or no; the
 * numbers go to the site's own process log. Nothing is promised: each round is judged again.
 */
final class ReadinessAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(ReadinessAnswer.class);

    private ReadinessAnswer() {}

    /** @return empty where the question cannot be judged, and the first invitation will say why */
    static Optional<SiteFrame> to(Signed signed, ReadinessRequest request, SiteServices site) {
        if (!request.getFederationId().equals(site.federation())) {
            return Optional.empty();
        }
        try {
            Study study = StudyFile.parse(request.getStudyText()).study();
            Optional<Charge> cost = StudyCost.ofRun(
                    study,
                    request.getRunId(),
                    ModelShape.summed(study, request.getParameterCount()),
                    site.clock().instant());
            Optional<String> over = cost.flatMap(charge -> PrivacyCharge.overBudget(charge, site))
                    .map(refusal -> refusal.reason());
            LOG.info(
                    "asked before run {}: {}",
                    request.getRunId(),
                    over.map(reason -> "no: all its rounds together count as one; " + reason)
                            .orElse("yes, the study is within the budget"));
            return Optional.of(SiteFrame.newBuilder()
                    .setReadinessReply(site.signing()
                            .sign(ReadinessReply.newBuilder()
                                    .setRequestSha256(SignedMessages.sha256(signed.getPayload()))
                                    .setWithinBudget(over.isEmpty())
                                    .build()))
                    .build());
        } catch (StudyException | UserError | IllegalArgumentException | ArithmeticException e) {
            LOG.warn("asked before run {}, but it cannot be judged: {}", request.getRunId(), e.getMessage());
            return Optional.empty();
        }
    }
}
