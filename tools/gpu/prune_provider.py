"""Drops from ONNX Runtime's CUDA provider the kernels of other GPUs than one, which makes it small enough to be sent: 284 MB pack to 54 MB.

    prune_provider.py libonnxruntime_providers_cuda.so OUT.so 90

90 is the compute capability of H100 and H200 without its point. In the section .nv_fatbin every fat binary (magic 0xBA55ED50, u16
version, u16 header size, u64 size) is a list of entries (u16 kind, u16, u32 header size, u64 payload size, .., u32 architecture at offset
28): kind 2 is machine code, kind 1 PTX. Payloads that the GPU does not need are overwritten with zeros; the file keeps its size.
"""
import argparse
import struct

MAGIC, MACHINE_CODE, PTX = 0xBA55ED50, 2, 1


def section(data, name):
    """Offset and size of a section of a 64-bit little-endian ELF file."""
    if data[:4] != b'\x7fELF':
        raise SystemExit('No ELF file.')
    table, = struct.unpack_from('<Q', data, 40)
    size, count, names = struct.unpack_from('<HHH', data, 58)
    headers = [struct.unpack_from('<IIQQQQIIQQ', data, table + i * size) for i in range(count)]
    for header in headers:
        start = headers[names][4] + header[0]
        if data[start:data.index(0, start)] == name:
            return header[4], header[5]
    raise SystemExit(f'No section {name.decode()}.')


def entries(data, start, end):
    """Kind, payload offset, payload size and architecture of every entry of a fat binary."""
    while start < end:
        kind, _, header = struct.unpack_from('<HHI', data, start)
        payload, = struct.unpack_from('<Q', data, start + 8)
        architecture, = struct.unpack_from('<I', data, start + 28)
        yield kind, start + header, payload, architecture
        start += header + payload


def prune(data, architecture):
    """Zeros what the architecture does not need; where a fat binary lacks it, it takes the highest below. Gives the bytes kept and zeroed."""
    offset, size = section(data, b'.nv_fatbin')
    at, end, kept, zeroed = offset, offset + size, 0, 0
    while at < end - 16:
        if struct.unpack_from('<I', data, at)[0] != MAGIC:
            at += 8
            continue
        _, header, length = struct.unpack_from('<HHQ', data, at + 4)
        found = list(entries(data, at + header, at + header + length))
        have = {a for kind, _, _, a in found if kind == MACHINE_CODE}
        wanted = max((a for a in have if a <= architecture), default=None)
        for kind, start, payload, a in found:
            if (kind == MACHINE_CODE and a != wanted) or (kind == PTX and wanted is not None):
                data[start:start + payload] = bytes(payload)
                zeroed += payload
            else:
                kept += payload
        at += header + length
    return kept, zeroed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('provider')
    parser.add_argument('out')
    parser.add_argument('architecture', type=int)
    args = parser.parse_args()
    with open(args.provider, 'rb') as file:
        data = bytearray(file.read())
    kept, zeroed = prune(data, args.architecture)
    with open(args.out, 'wb') as file:
        file.write(data)
    print(f'{kept / 1e6:.0f} MB of kernels kept, {zeroed / 1e6:.0f} MB dropped')


if __name__ == '__main__':
    main()
