package org.commissure.coordinator.round;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.commissure.privacy.identity.CertificateRefusedException;
import org.commissure.privacy.identity.CertificateVerifier;
import org.commissure.privacy.identity.Purpose;
import org.commissure.privacy.identity.Role;
import org.commissure.privacy.identity.SigningIdentity;
import org.commissure.privacy.secagg.CoordinatorSum;
import org.commissure.privacy.secagg.MaskedSum;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.privacy.secagg.SecAggException;
import org.commissure.privacy.secagg.Unmasker;
import org.commissure.protocol.v1.MaskedHeader;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.UnmaskShares;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges what sites say in a sum, and opens it, with {@link CoordinatorSum}. What that object is made
 * of is fixed within one phase and grows from one to the next, so the last one is kept: each step's messages are
 * judged together once. Thread-safe.
 */
public final class CoordinatorSums {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorSums.class);

    private final SigningIdentity coordinator;
    private final CertificateVerifier verifier;
    private final DealtFiles files;
    private @Nullable Kept kept;

    /** Where the masked vectors lie. */
    interface Uploads {
        InputStream open(SumId sum, String site) throws IOException;
    }

    private record Kept(SumId sum, Step step, CoordinatorSum judge) {}

    public CoordinatorSums(SigningIdentity coordinator, CertificateVerifier verifier, DealtFiles files) {
        this.coordinator = coordinator;
        this.verifier = verifier;
        this.files = files;
    }

    /** The messages that were accepted one by one do not fit together; the attempt cannot go on. */
    static final class UnusableTranscriptException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableTranscriptException(SecAggException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** @throws CertificateRefusedException if the site may not sign for the federation now */
    void checkSigner(X509Certificate certificate) throws CertificateRefusedException {
        verifier.verify(certificate, Role.SITE, Purpose.SIGNING);
    }

    /** @return the index of the answer's author */
    int check(Transcript transcript, Step step, Signed signed) throws SecAggException, UnusableTranscriptException {
        CoordinatorSum judge = judge(transcript, step);
        return switch (step) {
            case ADVERTISE_KEYS -> judge.checkAdvertise(signed);
            case SHARE_KEYS -> judge.checkShareKeys(signed);
            case MASKED_HEADER -> judge.checkHeader(signed).getIndex();
            case SURVIVOR_VOTE -> judge.checkVote(signed);
            case UNMASK_SHARES -> judge.checkUnmask(signed).getIndex();
            case CHECK_OPENING, CHECK_VALUE -> throw new IllegalArgumentException("a check is of a result");
        };
    }

    /** As {@link #check}, for a survivor's part of the challenge to the result of that hash. */
    int checkOpening(Transcript transcript, ByteString resultSha256, Signed signed)
            throws SecAggException, UnusableTranscriptException {
        return judge(transcript, Step.CHECK_OPENING).checkOpening(signed, resultSha256);
    }

    /** As {@link #check}, for a survivor's value. */
    int checkValue(Transcript transcript, ByteString resultSha256, Signed signed)
            throws SecAggException, UnusableTranscriptException {
        return judge(transcript, Step.CHECK_VALUE).checkValue(signed, resultSha256, transcript.of(Step.CHECK_OPENING));
    }

    /**
     * Adds the survivors' vectors and removes the masks. A voter whose shares turn out to be forged is
     * left out as long as the threshold allows.
     *
     * @param refused takes who was left out and why, by site
     * @return {@code [dimension]}: the sum
     */
    RingVector open(Transcript transcript, Uploads uploads, Map<String, String> refused)
            throws IOException, SecAggException, UnusableTranscriptException {
        CoordinatorSum judge = judge(transcript, Step.UNMASK_SHARES);
        MaskedSum masked = judge.maskedSum();
        for (Signed signed : transcript.of(Step.MASKED_HEADER).values()) {
            MaskedHeader header = judge.checkHeader(signed);
            try (InputStream in = uploads.open(transcript.config().getSum(), transcript.name(header.getIndex()))) {
                masked.add(in, header);
            }
        }
        List<UnmaskShares> answers = new ArrayList<>();
        for (Signed signed : transcript.of(Step.UNMASK_SHARES).values()) {
            answers.add(judge.checkUnmask(signed));
        }
        while (true) {
            try {
                return new Unmasker(judge, answers).removeMasks(masked);
            } catch (SecAggException e) {
                boolean spare = answers.size() > transcript.config().getThreshold();
                if (!spare
                        || !answers.removeIf(
                                answer -> transcript.name(answer.getIndex()).equals(e.peer()))) {
                    throw e;
                }
                LOG.warn("shares left out: {}", e.getMessage());
                refused.put(e.peer(), String.valueOf(e.getMessage()));
            }
        }
    }

    private synchronized CoordinatorSum judge(Transcript transcript, Step step) throws UnusableTranscriptException {
        SumId sum = transcript.config().getSum();
        Kept last = kept;
        if (last != null && last.sum().equals(sum) && last.step() == step) {
            return last.judge();
        }
        Kept earlier = last != null && last.sum().equals(sum) && last.step().compareTo(step) < 0 ? last : null;
        try {
            CoordinatorSum judge =
                    earlier == null ? CoordinatorSum.resume(coordinator.sign(transcript.config())) : earlier.judge();
            for (Step over : Step.values()) {
                if (over.compareTo(step) < 0 && (earlier == null || over.compareTo(earlier.step()) >= 0)) {
                    judge = fixed(judge, over, transcript);
                }
            }
            kept = new Kept(sum, step, judge);
            return judge;
        } catch (SecAggException e) {
            throw new UnusableTranscriptException(e);
        }
    }

    /** With the set that {@code over}, a step that is over, fixed. */
    private CoordinatorSum fixed(CoordinatorSum judge, Step over, Transcript transcript) throws SecAggException {
        return switch (over) {
            case ADVERTISE_KEYS -> judge.withRoster(judge.roster(transcript.of(over)));
            case SHARE_KEYS -> judge.withSharers(transcript.of(over), files.of(transcript));
            case MASKED_HEADER -> judge.withSurvivors(judge.proposal(transcript.of(over)));
            case SURVIVOR_VOTE, UNMASK_SHARES, CHECK_OPENING, CHECK_VALUE -> judge; // these fix no set
        };
    }
}
