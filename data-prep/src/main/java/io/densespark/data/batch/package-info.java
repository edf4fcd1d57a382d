/**
 * Training batches: a split in memory, or encoded in its shards and decoded as it is needed; its order in each epoch,
 * augmentation, normalization, and a background loader that hands each rank its slice of every global batch.
 *
 * <p>Entered by the trainer, on the tasks. All random choices depend on seed, epoch and example alone, never on the
 * number of ranks or threads.
 */
package io.densespark.data.batch;
