package org.commissure.models.training;

import java.io.IOException;
import java.util.List;

/** A patient who was scanned twice. */
record TwoVisits(Scan first, Scan second) implements Scan {
    @Override
    public int parcels() {
        return first.parcels();
    }

    @Override
    public int frames() {
        return first.frames();
    }

    @Override
    public List<Scan> ofThePatient() {
        return List.of(first, second);
    }

    @Override
    public float[] load() throws IOException {
        return first.load();
    }
}
