package org.commissure.models.pickle;

/**
 * A flat array in an entry of the archive.
 *
 * @param key names the entry {@code data/<key>}
 * @param length in elements
 */
record Storage(ElementType type, String key, long length) implements Value {
    @Override
    public String describe() {
        return "a storage";
    }
}
