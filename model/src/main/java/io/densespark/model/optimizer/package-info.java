/**
 * The training recipe of the DenseNet paper (arXiv 1608.06993, section 4.2). The trainer enters. In this module nobody
 * enters.
 */
package io.densespark.model.optimizer;
