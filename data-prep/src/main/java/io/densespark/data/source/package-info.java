/**
 * Readers of data sets: CIFAR-10's binary files, the IDX files of MNIST and EMNIST, BigDL's SequenceFiles, and the digits in this jar.
 *
 * <p>Used by {@code prepare} and by whoever chooses a source from the command line; training never enters here.
 */
package io.densespark.data.source;
