package org.commissure.site.compute;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.privacy.secagg.FixedPoint;
import org.commissure.privacy.secagg.PlainVector;
import org.commissure.privacy.secagg.Ring;
import org.commissure.privacy.secagg.RingVector;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.jspecify.annotations.Nullable;

/**
 * Sites that train and encode as in a run, and a server that sees only the sum in the ring. One patient a site, in every
 * step.
 */
final class BowlFederation {
    private static final SecureRandom RANDOM = new SecureRandom();

    final List<Bowl> sites;
    final List<OwnState> own = new ArrayList<>();
    final float[] model;
    private final Study study;
    private final SharedPart part;
    private final float[] control;

    BowlFederation(Study study, SharedPart part, List<Bowl> sites) {
        this.study = study;
        this.part = part;
        this.sites = sites;
        this.model = new float[part.parameters()];
        this.control = new float[study.training().hasControl() ? part.length() : 0];
        sites.forEach(
                site -> own.add(new OwnState(part.gather(SharedPart.Fate.LOCAL, model), new float[control.length])));
    }

    /** One round of those sites. @return ring elements that each of them sent */
    int round(int round, List<Integer> survivors) throws Exception {
        RingVector sum = null;
        for (int site : survivors) {
            LocalTraining.Result result = train(site, round);
            own.set(site, result.own());
            sum = plus(sum, UpdateEncoding.encode(result.update(), 1, study, RandomGenerator.of("L64X128MixRandom")));
        }
        return apply(Objects.requireNonNull(sum), (double) survivors.size() / sites.size());
    }

    LocalTraining.Result train(int site, int round) throws Exception {
        Bowl bowl = sites.get(site);
        return new LocalTraining(
                        bowl, ModelShape.of(study), study, part, new PatientSampler(RANDOM), new GaussianNoise(RANDOM))
                .train(
                        model,
                        new LocalTraining.Start(own.get(site), control),
                        LocalTrainingTest.patients(1, 12),
                        1,
                        new Attempt("round " + round, round, 1),
                        Optional.empty(),
                        fraction -> {});
    }

    /** The released model with that site's own tensors. */
    float[] personal(int site) {
        float[] mine = model.clone();
        part.scatter(SharedPart.Fate.LOCAL, own.get(site).local(), mine);
        return mine;
    }

    double meanLoss() {
        double loss = 0;
        for (int site = 0; site < sites.size(); site++) {
            loss += sites.get(site).loss(personal(site)) / sites.size();
        }
        return loss;
    }

    private RingVector plus(@Nullable RingVector sum, PlainVector vector) {
        Ring ring = new Ring(study.secureAggregation().ringBits());
        RingVector next = RingVector.zeros(ring, vector.length());
        vector.copyTo(next, 0, vector.length());
        for (int i = 0; sum != null && i < vector.length(); i++) {
            next.set(i, sum.get(i) + next.get(i));
        }
        return next;
    }

    private int apply(RingVector sum, double share) {
        FixedPoint encoding = new FixedPoint(
                new Ring(study.secureAggregation().ringBits()),
                study.secureAggregation().scaleLog2(),
                UpdateEncoding.valueBound(study));
        double weights = encoding.decode(sum.get(sum.length() - 1));
        float[] shared = part.gather(SharedPart.Fate.SHARED, model).clone();
        for (int i = 0; i < shared.length; i++) {
            shared[i] += (float) (encoding.decode(sum.get(i)) / weights);
        }
        part.scatter(SharedPart.Fate.SHARED, shared, model);
        for (int i = 0; i < control.length; i++) {
            control[i] += (float) (share * encoding.decode(sum.get(shared.length + i)) / weights);
        }
        return sum.length();
    }
}
