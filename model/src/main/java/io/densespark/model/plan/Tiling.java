package io.densespark.model.plan;

import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;

/**
 * The pieces in which a worker goes through its rows, so that what lives only between two passes needs memory for one
 * piece and stays in the processor's cache: tiles of rows where a pixel depends on itself alone, chunks of whole images
 * where it depends on its neighbours.
 *
 * <p>Pieces depend on shapes alone, never on what is kept: forward pass and recomputation see the same ones, hence give
 * the same bits.
 *
 * @param rows most rows of a tile
 * @param elements a chunk has no more, unless one image has
 */
public record Tiling(int rows, long elements) {
    private static final Tiling FLOATS = new Tiling(1024, 8192 * 48);

    /** As many bytes, since a call of the library has more to do that is the same for any number of rows. */
    private static final Tiling HALVES = new Tiling(2048, 2 * 8192 * 48);

    /** A GPU wants few large passes. */
    private static final Tiling WHOLE = new Tiling(Integer.MAX_VALUE, Long.MAX_VALUE);

    /** What suits the kernels of that kind of device, where maps are made of {@code maps}. */
    public static Tiling of(Device.Kind kind, ElementType maps) {
        if (kind == Device.Kind.CUDA) {
            return WHOLE;
        }
        return maps == ElementType.FLOAT ? FLOATS : HALVES;
    }

    /** Images of a chunk whose feature map has {@code columns} channels. */
    public int images(ImageShape shape, int columns) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, elements / ((long) shape.pixels() * columns)));
    }
}
