package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * The model's shape, with every size that the preset supplies. {@code windowFrames} is a multiple of
 * {@code patchFrames}.
 *
 * @param coordinatesMillimetres one [x, y, z] per parcel; public atlas data, travels with the study
 */
@SuppressWarnings("ArrayRecordComponent") // parsed once and read; never compared
public record Model(
        Preset preset,
        int parcels,
        int windowFrames,
        int patchFrames,
        Network network,
        long initialisationSeed,
        double[][] coordinatesMillimetres) {
    public Model {
        Checks.range("model.parcels", parcels, 1, 100_000);
        Checks.range("model.patch_frames", patchFrames, 1, 10_000);
        Checks.range("model.window_frames", windowFrames, patchFrames, 1_000_000);
        if (windowFrames % patchFrames != 0) {
            throw new StudyException(
                    "model.window_frames",
                    "is " + windowFrames + ", not a multiple of model.patch_frames = " + patchFrames);
        }
        Checks.present("model.coordinates_millimetres", coordinatesMillimetres);
        if (coordinatesMillimetres.length != parcels) {
            throw new StudyException(
                    "model.coordinates_millimetres",
                    "has " + coordinatesMillimetres.length + " rows, but model.parcels is " + parcels);
        }
        for (double[] row : coordinatesMillimetres) {
            if (row == null || row.length != 3) {
                throw new StudyException("model.coordinates_millimetres", "needs three numbers a row: x, y, z in mm");
            }
            for (double value : row) {
                Checks.range("model.coordinates_millimetres", value, -1000, 1000);
            }
        }
    }

    /** From the section as it is written. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Model of(ModelTable table) {
        Preset preset = Preset.named(table.preset());
        return new Model(
                preset,
                table.parcels(),
                table.windowFrames(),
                table.patchFrames(),
                table.network(preset),
                table.initialisationSeed(),
                table.coordinatesMillimetres());
    }
}
