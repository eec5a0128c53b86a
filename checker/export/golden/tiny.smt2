; tiny, as hotproof exports it: functions over one state (its variables, in this order),
; over the number of the transition that fires, and over the next state. Assert them for as many states as you like.
;
; v0_count_tiny (_ BitVec 64) count tiny
; v1_int (_ BitVec 4) int
; v2_now (_ BitVec 4) now
; v3_init_pc (_ BitVec 16) init.pc
; v4_tiny_pc (_ BitVec 16) tiny.pc

(set-logic QF_BV)

(define-fun init ((v0_count_tiny (_ BitVec 64)) (v1_int (_ BitVec 4)) (v2_now (_ BitVec 4)) (v3_init_pc (_ BitVec 16)) (v4_tiny_pc (_ BitVec 16))) Bool
  (and (= v0_count_tiny (_ bv0 64)) (= v1_int (_ bv3 4)) (= v2_now (_ bv0 4)) (= v3_init_pc (_ bv0 16)) (= v4_tiny_pc (_ bv0 16)) true))

; init: tiny
(define-fun enabled0 ((v0_count_tiny (_ BitVec 64)) (v1_int (_ BitVec 4)) (v2_now (_ BitVec 4)) (v3_init_pc (_ BitVec 16)) (v4_tiny_pc (_ BitVec 16))) Bool
  (and (= v3_init_pc (_ bv0 16)) true))

; init: tiny
(define-fun enabled1 ((v0_count_tiny (_ BitVec 64)) (v1_int (_ BitVec 4)) (v2_now (_ BitVec 4)) (v3_init_pc (_ BitVec 16)) (v4_tiny_pc (_ BitVec 16))) Bool
  (and (= v3_init_pc (_ bv1 16)) true))

; tiny: swap
(define-fun enabled2 ((v0_count_tiny (_ BitVec 64)) (v1_int (_ BitVec 4)) (v2_now (_ BitVec 4)) (v3_init_pc (_ BitVec 16)) (v4_tiny_pc (_ BitVec 16))) Bool
  (and (= v4_tiny_pc (_ bv0 16)) true))

; tiny: swap
(define-fun enabled3 ((v0_count_tiny (_ BitVec 64)) (v1_int (_ BitVec 4)) (v2_now (_ BitVec 4)) (v3_init_pc (_ BitVec 16)) (v4_tiny_pc (_ BitVec 16))) Bool
  (and (= v4_tiny_pc (_ bv1 16)) true))

(define-fun trans ((v0_count_tiny (_ BitVec 64)) (v1_int (_ BitVec 4)) (v2_now (_ BitVec 4)) (v3_init_pc (_ BitVec 16)) (v4_tiny_pc (_ BitVec 16)) (fired (_ BitVec 3)) (v0_count_tiny.next (_ BitVec 64)) (v1_int.next (_ BitVec 4)) (v2_now.next (_ BitVec 4)) (v3_init_pc.next (_ BitVec 16)) (v4_tiny_pc.next (_ BitVec 16))) Bool
  (and (or false false
    (and (= fired (_ bv0 3)) (enabled0 v0_count_tiny v1_int v2_now v3_init_pc v4_tiny_pc))
    (and (= fired (_ bv1 3)) (enabled1 v0_count_tiny v1_int v2_now v3_init_pc v4_tiny_pc))
    (and (= fired (_ bv2 3)) (enabled2 v0_count_tiny v1_int v2_now v3_init_pc v4_tiny_pc))
    (and (= fired (_ bv3 3)) (enabled3 v0_count_tiny v1_int v2_now v3_init_pc v4_tiny_pc)))
    (= v0_count_tiny.next (ite (or false false (= fired (_ bv0 3)) (= fired (_ bv1 3))) (bvadd v0_count_tiny (_ bv4611686018427387904 64)) v0_count_tiny))
    (= v1_int.next (ite (or false false (= fired (_ bv2 3)) (= fired (_ bv3 3))) v2_now v1_int))
    (= v2_now.next (ite (or false false (= fired (_ bv2 3)) (= fired (_ bv3 3))) v1_int v2_now))
    (= v3_init_pc.next (ite (or false false (= fired (_ bv0 3))) (_ bv1 16) (ite (or false false (= fired (_ bv1 3))) (_ bv2 16) v3_init_pc)))
    (= v4_tiny_pc.next (ite (or false false (= fired (_ bv3 3))) (_ bv0 16) (ite (or false false (= fired (_ bv2 3))) (_ bv1 16) v4_tiny_pc)))))

; tiny: tiny
(define-fun bad0 ((v0_count_tiny (_ BitVec 64)) (v1_int (_ BitVec 4)) (v2_now (_ BitVec 4)) (v3_init_pc (_ BitVec 16)) (v4_tiny_pc (_ BitVec 16))) Bool
  (not (not (= (_ bv9223372036854775808 64) v0_count_tiny))))

; cover: 
(define-fun reached1 ((v0_count_tiny (_ BitVec 64)) (v1_int (_ BitVec 4)) (v2_now (_ BitVec 4)) (v3_init_pc (_ BitVec 16)) (v4_tiny_pc (_ BitVec 16))) Bool
  (or false false
    (and (enabled0 v0_count_tiny v1_int v2_now v3_init_pc v4_tiny_pc) (or false false (= (_ bv0 4) v1_int)))
    (and (enabled1 v0_count_tiny v1_int v2_now v3_init_pc v4_tiny_pc) (or false false (= (_ bv0 4) v1_int)))))

; assertion: 
(define-fun bad2 ((v0_count_tiny (_ BitVec 64)) (v1_int (_ BitVec 4)) (v2_now (_ BitVec 4)) (v3_init_pc (_ BitVec 16)) (v4_tiny_pc (_ BitVec 16))) Bool
  (or false false
    (and (enabled0 v0_count_tiny v1_int v2_now v3_init_pc v4_tiny_pc) (or false false (not (= v1_int (_ bv3 4)))))
    (and (enabled1 v0_count_tiny v1_int v2_now v3_init_pc v4_tiny_pc) (or false false (not (= v1_int (_ bv3 4)))))))

; no-deadlock: 
(define-fun bad3 ((v0_count_tiny (_ BitVec 64)) (v1_int (_ BitVec 4)) (v2_now (_ BitVec 4)) (v3_init_pc (_ BitVec 16)) (v4_tiny_pc (_ BitVec 16))) Bool
  (not (let ((e22 (= (_ bv0 16) v4_tiny_pc))) (let ((e23 (= (_ bv1 16) v4_tiny_pc))) (not (and (not (and (= v3_init_pc (_ bv2 16)) (or e22 e23))) (not (or e23 (or e22 (or (= (_ bv0 16) v3_init_pc) (= v3_init_pc (_ bv1 16))))))))))))

