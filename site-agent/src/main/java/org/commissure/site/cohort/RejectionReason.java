package org.commissure.site.cohort;

import java.util.Locale;

/** Why a participant does not take part, with what can be done about it. */
public enum RejectionReason {
    NOT_IN_PARTICIPANTS("add a row for this participant to participants.tsv, or remove the folder"),
    DUPLICATE_PARTICIPANT(
            "keep one row for this participant in participants.tsv, and one for each session in phenotype/"),
    BAD_PARTICIPANT_ID("name participants 'sub-' followed by letters and digits, in participants.tsv and as folder"),
    MISSING_FILE("put the series into the participant's func folder, or remove the row from participants.tsv"),
    SEVERAL_SERIES("keep one series per participant: move repeat runs out of the folder"),
    PIPELINE_MISMATCH("process this participant as the others, or choose another --description and --atlas"),
    CORRUPT_FILE("copy or export the file again"),
    ATLAS_MISSING("name the atlas after --atlas-volume and import the cohort; training reads parcels only"),
    SPACE_MISMATCH("resample scan and atlas to one grid, or pass --resample-atlas if both are in the same space"),
    UNSUPPORTED_SERIES("save it with numpy.save(path, numpy.ascontiguousarray(x, dtype='<f4')), x = [parcels, time]"),
    WRONG_PARCEL_COUNT("extract the series with the study's atlas, or pass --parcels if the study uses another"),
    TOO_SHORT("use a longer scan, or lower --minimum-frames if the study's window allows it"),
    NOT_FINITE("find out where the NaN or infinite values come from and export the series again"),
    CONSTANT_PARCELS("the parcels lie outside the field of view or the mask: leave this scan out or extract it anew"),
    DUPLICATE_SERIES("find out whose scan it is, and remove the wrong copy; until then neither takes part"),
    REPETITION_TIME_MISSING(
            "fill the column repetition_time in participants.tsv, or RepetitionTime in the JSON beside"),
    REPETITION_TIME_MISMATCH("find out the scan's true repetition time; leave it out if the study asks for another"),
    MOTION_TOO_HIGH("leave this scan out, or agree on another --maximum-mean-fd before anything trains"),
    MOTION_UNKNOWN("fill the column mean_fd in participants.tsv, or put fMRIPrep's confounds table beside the scan"),
    PHENOTYPE_MISSING("fill the column in participants.tsv, or do not ask for it"),
    PHENOTYPE_NOT_A_NUMBER("write a number with a decimal point, or n/a, and nothing else"),
    PHENOTYPE_OTHER_CLASS("write one of the classes that the study names, or leave this participant out"),
    CONSENT_MISSING("leave this participant out; write yes in the column consent only where consent was given");

    private final String fix;

    RejectionReason(String fix) {
        this.fix = fix;
    }

    public String fix() {
        return fix;
    }

    /** The name in reports: kebab case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
