package org.commissure.privacy.secagg;

/**
 * A site's own vector before it is masked. It is made piece by piece while it is masked, so that the whole of it
 * need not exist beside what it is made from.
 */
public interface PlainVector {
    int length();

    /**
     * Writes the elements {@code [from, from + count)} to the beginning of {@code chunk}, each within the sum's
     * bound. Asked once for each element, in ascending order.
     */
    void copyTo(RingVector chunk, int from, int count);

    /** These elements. */
    static PlainVector of(int[] elements) {
        return new PlainVector() {
            @Override
            public int length() {
                return elements.length;
            }

            @Override
            public void copyTo(RingVector chunk, int from, int count) {
                for (int i = 0; i < count; i++) {
                    chunk.set(i, elements[from + i]);
                }
            }
        };
    }
}
