#!/bin/sh
# embed.sh PACKS FILE…: writes an assembler file that holds the given files and a table of them: core/embedded.h.
# A file of which PACKS has NAME.pack gets that, too (core/yaml_pack.h).
packs=$1
shift
printf '.section .rodata\n'
n=0
for file in "$@"; do
    printf '.Lname%d: .asciz "%s"\n.Ltext%d: .incbin "%s"\n.Lend%d: .byte 0\n' $n "$file" $n "$file" $n
    [ ! -f "$packs/$file.pack" ] || printf '.Lpack%d: .incbin "%s"\n' $n "$packs/$file.pack"
    n=$((n + 1))
done
printf '.section .data.rel.ro,"aw"\n.balign 8\n.globl gcm_embedded_table\ngcm_embedded_table:\n'
i=0
for file in "$@"; do
    pack=0
    [ ! -f "$packs/$file.pack" ] || pack=.Lpack$i
    printf '.quad .Lname%d, .Ltext%d, .Lend%d - .Ltext%d, %s\n' $i $i $i $i $pack
    i=$((i + 1))
done
printf '.quad 0, 0, 0, 0\n.section .note.GNU-stack,"",%%progbits\n'
