package org.commissure.site.finetune;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import org.commissure.models.training.Scan;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.site.cohort.Subject;

/**
 * A patient as fine-tuning sees one.
 *
 * @param target the number, or the place of the class
 */
record LabelledScan(Subject subject, Scan scan, double target) implements Scan {

    /** Patients whom the admission check let pass, who all have the target. */
    static List<LabelledScan> of(List<Subject> subjects, FineTunePlan.Target target) {
        return subjects.stream()
                .map(subject -> new LabelledScan(subject, subject.scan(), subject.value(target.asColumn())))
                .toList();
    }

    @Override
    public int parcels() {
        return scan.parcels();
    }

    @Override
    public int frames() {
        return scan.frames();
    }

    @Override
    public OptionalDouble repetitionTimeSeconds() {
        return scan.repetitionTimeSeconds();
    }

    @Override
    public List<Scan> ofThePatient() {
        return scan.ofThePatient();
    }

    @Override
    public float[] load() throws IOException {
        return scan.load();
    }

    @Override
    public String toString() {
        return "LabelledScan";
    }
}
