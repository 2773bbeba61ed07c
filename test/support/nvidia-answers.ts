/** Answers of `nvidia-smi` of two cards: a plain one, and one that knows less of itself. */
export const uuidA = "GPU-2f8e5d4c-1111-4c1b-9d7e-000000000001";
export const uuidB = "GPU-2f8e5d4c-2222-4c1b-9d7e-000000000002";

export const gpuRows = [
  `${uuidB}, NVIDIA A100-SXM4-40GB, 00000000:3B:00.0, 535.54.03, 40960, [N/A], 1410, 1215, 4, 16, [N/A], Enabled`,
  `${uuidA}, NVIDIA GeForce RTX 3090, 00000000:01:00.0, 535.54.03, 24576, 350.00, 2100, 9751, 3, 16, Enabled, Disabled`,
].join("\n");

export const statsRows = [
  `${uuidA}, 00000000:01:00.0, 34.12, 350.00, 7, 3, 41, 812, 24576, [N/A], [N/A], [N/A]`,
  `${uuidB}, 00000000:3B:00.0, 61.20, 400.00, 93, 40, 55, 30000, 40960, 0, 0, 2`,
].join("\n");

export const detailsText = `
==============NVSMI LOG==============

Timestamp                                 : Mon Jan  5 10:00:00 2026
Driver Version                            : 535.54.03
CUDA Version                              : 12.2

Attached GPUs                             : 2
GPU 00000000:01:00.0
    FB Memory Usage
        Total                             : 24576 MiB
        Used                              : 812 MiB
        Free                              : 23764 MiB
    BAR1 Memory Usage
        Total                             : 256 MiB
        Used                              : 5 MiB
        Free                              : 251 MiB
    Utilization
        Gpu                               : 7 %
        Memory                            : 3 %
        Encoder                           : 1 %
        Decoder                           : 2 %

GPU 00000000:3B:00.0
    BAR1 Memory Usage
        Total                             : N/A
        Used                              : N/A
`;

export const listText = `GPU 0: NVIDIA GeForce RTX 3090 (UUID: ${uuidA})
GPU 1: NVIDIA A100-SXM4-40GB (UUID: ${uuidB})
`;
export const dividedText = `${listText}  MIG 3g.20gb     Device  0: (UUID: MIG-bb)
  MIG 3g.20gb     Device  1: (UUID: MIG-aa)
  MIG 1g.5gb      Device  2: (UUID: MIG-cc)
`;
