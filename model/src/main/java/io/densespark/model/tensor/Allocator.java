package io.densespark.model.tensor;

/** Gives native memory on one device. */
@FunctionalInterface
public interface Allocator {
    /**
     * Allocates {@code elements} elements, set to zero. The caller owns the storage and closes it.
     *
     * @throws AllocationException if the device has not enough free memory
     */
    Storage allocate(ElementType type, long elements);
}
